"""The query language: several spellings, one tree, two readings (SQL and Python) that agree. Pure: no I/O."""
