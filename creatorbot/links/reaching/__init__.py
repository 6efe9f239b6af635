"""Reach: which servers received a post, when, which of them were new, and what came after a boost."""
