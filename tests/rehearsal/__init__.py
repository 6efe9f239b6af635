"""The practice servers, looked at from outside."""
