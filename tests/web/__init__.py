"""Tests of the pages, with a test client on a real database."""
