"""Boosting a post later, as a polite reminder: when that is allowed, what is wanted, and doing it exactly once."""
