"""Answers to "why": where a value comes from, what happened to an entity, what differs between two moments.

Git is asked through the mirrors, the rest is in the log of changes; nothing is stored for it.
"""
