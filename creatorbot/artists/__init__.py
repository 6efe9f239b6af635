"""Artists and their people: sign up, log in, members and roles, connected accounts, and what this installation is called outside."""
