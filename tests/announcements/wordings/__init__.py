"""Wordings: brackets, threads, mentions, hashtags, several for one announcement."""
