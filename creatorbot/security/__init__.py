"""What keeps strangers out: sealed secrets, passwords, one-time words, and the one door through which we call outside. Knows no settings and no tables."""
