"""Connecting an account of any network: which one, its page drawn from its adapter, there and back; and the account's own page."""
