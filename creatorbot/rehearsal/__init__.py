"""A practice fediverse and a practice shop on loopback: the outside world, played for the artist's first try and for our tests.

They speak as the real services do and know nothing of the rest of the program.
"""
