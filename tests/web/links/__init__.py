"""Links and posters: pages, files, the badge."""
