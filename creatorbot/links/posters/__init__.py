"""Posters to print: what stands where (pure), and two painters, one for PDF and one for PNG. Only `make` knows both; it is loaded when asked."""
