"""How places tell us by themselves: subscribing at hubs, what arrives from them, an Owncast server's notes, and pages handed over."""
