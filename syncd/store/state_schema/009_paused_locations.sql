-- A location that is paused keeps its entities and is not looked at.
ALTER TABLE locations ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
