"""Edits of descriptor files: a change becomes a patch, a patch a commit, and a commit is pushed once (R46-R53)."""
