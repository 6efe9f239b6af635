"""Tests of artists, their people and accounts."""
