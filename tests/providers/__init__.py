"""Payment services: what they say, and their bad days."""
