-- A location that is changed keeps its entity: the location ref that the entity is named after, '' for the present one.
ALTER TABLE locations ADD COLUMN named_after TEXT NOT NULL DEFAULT '';
