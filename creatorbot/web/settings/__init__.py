"""Settings: the artist, its people, the public address, and the person's own password, language and log-ins."""
