"""Changing posts that are out: the text we propose, and giving it to the server exactly as wanted, however often that takes."""
