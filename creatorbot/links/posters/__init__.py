"""Posters to print: what stands where (pure), and two painters, for PDF and PNG. Only `make` knows both; it is loaded when asked."""
