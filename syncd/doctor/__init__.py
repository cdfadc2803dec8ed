"""Whether machine, state directory and daemon are as they should be (R96); looks, and changes nothing."""
