"""Tests of reach: arrivals, boosts, earlier posts, lists."""
