"""Contract suites: every adapter of a registry against counterparts it was not written for."""
