-- A location may be looked at more often or more rarely than the configuration says. Seconds; NULL: as it says.
ALTER TABLE locations ADD COLUMN poll_interval REAL;
