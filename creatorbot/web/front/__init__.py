"""What the front door is made of: answers, pictures, embedding, and the bound on asking the database for unknown names."""
