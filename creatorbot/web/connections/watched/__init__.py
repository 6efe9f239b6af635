"""What is said and shown of a watched place: its state, its looks, its pace, and the ways on when it does not work."""
