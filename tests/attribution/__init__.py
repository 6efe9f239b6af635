"""Who is credited, and what Results shows."""
