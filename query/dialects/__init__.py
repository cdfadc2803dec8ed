"""The spellings of the tree."""
