"""What the artist is connected to: accounts, sources, payment services; each healthy, tired or broken, with the one button that helps."""
