"""Tests of the Threads adapter."""
