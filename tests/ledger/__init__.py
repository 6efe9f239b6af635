"""Money from the notice to the totals."""
