-- What somebody says of an entity beside its file; it outlives every sync, and the entity itself.
CREATE TABLE overlay (
    entity_ref TEXT NOT NULL,
    path       TEXT NOT NULL,         -- canonical
    value      TEXT NOT NULL,         -- JSON
    base       TEXT NOT NULL CHECK (base IN ('replace', 'append', 'union')),
    source     TEXT NOT NULL,         -- the door: harness, port, own, …
    set_by     TEXT NOT NULL,
    set_at     TEXT NOT NULL,
    PRIMARY KEY (entity_ref, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX overlay_path ON overlay (path);

-- Entities that no file holds: made by API, blueprints and layouts among them. They take the same steps as a file's.
CREATE TABLE documents (
    entity_ref TEXT PRIMARY KEY,
    entity     TEXT NOT NULL,         -- JSON, as it was given
    etag       TEXT NOT NULL,
    source     TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a change did to which path of which entity; path '' is the entity itself.
CREATE TABLE changed_properties (
    ref    TEXT NOT NULL,
    seq    INTEGER NOT NULL REFERENCES changes (seq),
    path   TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('added', 'updated', 'removed')),
    old    TEXT,                      -- JSON
    new    TEXT,
    PRIMARY KEY (ref, seq, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX changed_properties_seq ON changed_properties (seq);
