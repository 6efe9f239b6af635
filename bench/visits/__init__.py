"""Who opens links: labelled user agents and request shapes to measure the rules with."""
