"""creatorbot: announce a release once, everywhere, and see what each post brought."""

__version__ = "0.1.0"
