"""Pages about reach: the servers of one post, and of all posts together."""
