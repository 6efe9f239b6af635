"""Benchmarks: each prints one table, none is a test. `python -m bench NAME [--json]`."""
