"""What the daemon tells of itself in figures: counted as it happens, or looked up when somebody asks (R92)."""
