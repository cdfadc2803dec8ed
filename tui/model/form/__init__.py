"""An edit form without a screen: which fields there are, what they say, what was changed, and what is wrong with it."""
