"""How connected accounts are doing: the daily look, what it proves, and what the artist is told."""
