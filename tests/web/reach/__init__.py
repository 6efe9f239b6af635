"""Tests of the pages about reach."""
