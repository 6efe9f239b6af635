"""Tests of reading pages and feeds."""
