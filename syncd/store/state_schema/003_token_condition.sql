-- Which entities a token may read: a query line, a permission condition as JSON, or 'false' for none (R56).
ALTER TABLE tokens ADD COLUMN read TEXT;
