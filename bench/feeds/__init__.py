"""The parts of the polling benchmark: the server that plays all sources, our side, and the side of the `reader` library."""
