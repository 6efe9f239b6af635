"""Wordings: what fills itself in, several for one announcement, kept ones, threads, hashtags, and whom a text may mention."""
