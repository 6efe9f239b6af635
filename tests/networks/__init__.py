"""Networks: the adapters, one bad day after another."""
