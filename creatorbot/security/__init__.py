"""What keeps strangers out: sealed secrets, passwords, one-time words, the one door outside. Knows no settings and no tables."""
