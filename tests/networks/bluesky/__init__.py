"""Bluesky, against a small one in a process of its own."""
