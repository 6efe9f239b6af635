"""Links no post carries: made by hand, named, and carried elsewhere."""
