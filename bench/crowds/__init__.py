"""Load programs for one machine: full, at a pace, a crowd with an address each, and requests that are known by name."""
