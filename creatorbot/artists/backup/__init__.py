"""The backup account: which one stands in for which, and help with choosing a server for it."""
