"""jq programs of blueprints, webhooks and mappings, run by the real jq in a process of its own."""
