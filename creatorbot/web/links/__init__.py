"""Links and posters: those no post carries, what came by them, posters to print, the button and the badge."""
