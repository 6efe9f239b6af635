"""One look at a source from the outside in: whose turn it is, fetching, finding the feed of a page, writing down what came of it."""
