"""What sending decides and remembers: what a failure means, and what may be out although the database does not know it."""
