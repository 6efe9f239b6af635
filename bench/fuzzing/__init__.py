"""What the fuzz benchmark is made of: seeds, ways to spoil them, what is read with them, and one worker that does it."""
