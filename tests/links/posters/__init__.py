"""Posters: what stands where, and what is painted."""
