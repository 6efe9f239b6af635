"""Tests of finding out about releases."""
