"""Taking a post down again: wanted once, repeated until it is proven gone, never made anew."""
