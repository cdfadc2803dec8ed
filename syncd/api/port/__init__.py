"""Port's API."""
