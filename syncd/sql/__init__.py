"""Questions in SQL from the daemon's side: snapshots, sandboxed processes, the desk that hands them out (R66-R70)."""
