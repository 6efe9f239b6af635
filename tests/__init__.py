"""The tests; imported as a package so that they can share their stage."""
