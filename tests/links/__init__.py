"""Tests of short addresses and who came by them."""
