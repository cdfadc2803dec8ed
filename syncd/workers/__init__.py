"""Processes of their own for what may crash, loop or eat memory, from the daemon's side and from theirs."""
