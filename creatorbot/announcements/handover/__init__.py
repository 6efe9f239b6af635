"""When an account cannot post: its waiting posts pause, move to its successor, or go out on its backup; and what follows afterwards."""
