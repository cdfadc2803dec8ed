"""Processing: a document becomes a validated, completed entity with its relations and targets."""
