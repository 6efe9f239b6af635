"""What happened, as pages show it, and the link that stops mails."""
