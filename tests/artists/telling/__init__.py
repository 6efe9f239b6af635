"""The artist is told: rows, Home and mails, each once."""
