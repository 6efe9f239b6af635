"""Accounts that cannot post, in a sentence and a button; the backup account: pairing, and choosing a server for it."""
