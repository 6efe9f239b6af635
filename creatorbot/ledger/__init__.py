"""What payment services told us, kept before it is understood, and the payments made of it. Knows money, not posts."""
