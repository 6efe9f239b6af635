"""The Compose desk, its form and its small buttons, what became of an announcement, and the page of kept wordings."""
