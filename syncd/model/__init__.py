"""The nouns of the catalog: plain values, no I/O, no knowledge of any other part of the daemon."""
