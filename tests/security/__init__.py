"""Security: the door outside, passwords, secrets."""
