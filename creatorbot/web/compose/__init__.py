"""The Compose desk, its form and its small buttons, and the page of kept wordings."""
