"""Counting visits: from lines of the journal to the tables that pages are drawn from, and again when the rules have changed."""
