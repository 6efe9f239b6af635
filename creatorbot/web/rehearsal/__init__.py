"""The rehearsal: a practice artist, practice servers, and the way to their pages. The one room of the site that knows it is one."""
