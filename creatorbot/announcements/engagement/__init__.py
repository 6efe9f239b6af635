"""What came back for posts on their networks: when to look, looking, and what is shown of it."""
