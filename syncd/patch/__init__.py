"""From an edit of a field to a patch of its file: only the lines that the edit is about change (R48)."""
