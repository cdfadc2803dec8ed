"""Port's API: blueprints, their entities, and the log of what was done to them."""
