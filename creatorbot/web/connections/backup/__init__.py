"""Accounts that cannot post, in a sentence and a button; the backup account: pairing, choosing a server for it, rehearsing it."""
