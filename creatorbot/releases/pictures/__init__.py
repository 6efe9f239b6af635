"""Pictures from anywhere: told by their content, made small and bare, and opened in a process of their own. No database, no disk."""
