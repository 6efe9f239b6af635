"""The processes of one installation: who keeps them, how they start, what they know of each other."""
