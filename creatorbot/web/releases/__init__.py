"""Pages about releases: what is out, one of them with its life and its places, those typed in by hand, and two that may be one."""
