"""Links that no post carries: made and changed by hand, what they are called, the button and the badge for other people's sites."""
