"""What links show, as bytes in memory: release pages, artists' pages, what plays, what others embed; and how they follow the database."""
