"""Loopback counterparts: small servers that tests talk to."""
