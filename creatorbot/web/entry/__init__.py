"""Coming in: the first evening's wizard, logging in and out, invitations, choosing an artist."""
