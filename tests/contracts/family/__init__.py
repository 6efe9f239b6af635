"""The Mastodon family: every kind of server the practice server plays, in every trouble it can make."""
