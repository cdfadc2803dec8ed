"""From the bytes of a file to its documents; hostile files cost themselves and nothing else."""
