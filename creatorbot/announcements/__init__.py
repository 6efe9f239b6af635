"""Telling people about a release: wording that fits, one post per account, sent exactly once."""
