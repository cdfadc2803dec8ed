"""What the API asks of the rest of the daemon."""
