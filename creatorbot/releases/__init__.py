"""Finding out about releases: look at sources, decide what is new, keep it; and releases and covers typed in by hand."""
