"""When two are one: entries of one reading that are listed twice, and releases from two places that are the same."""
