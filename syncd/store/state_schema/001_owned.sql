-- What git cannot give back. Every change is a row of `changes`, in the transaction that makes it (R36).

CREATE TABLE changes (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    at     TEXT NOT NULL,             -- RFC 3339, UTC
    actor  TEXT NOT NULL,             -- token name, "socket:<uid>", "config" or "git"
    what   TEXT NOT NULL,             -- location.added, location.removed, sync, entity.deleted, token.created, …
    target TEXT NOT NULL,             -- the location, entity or token it is about
    detail TEXT NOT NULL              -- JSON
) STRICT;

-- Which entities a change added, updated or removed. The newest row of a ref says which version the log knows,
-- so that an index that is built again logs nothing twice and finds its "updated" times.
CREATE TABLE changed_entities (
    ref  TEXT NOT NULL,
    seq  INTEGER NOT NULL REFERENCES changes (seq),
    what TEXT NOT NULL CHECK (what IN ('added', 'updated', 'removed')),
    etag TEXT NOT NULL,
    PRIMARY KEY (ref, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX changed_entities_seq ON changed_entities (seq);

CREATE TABLE locations (
    id         TEXT PRIMARY KEY,
    type       TEXT NOT NULL CHECK (type IN ('url', 'git')),
    target     TEXT NOT NULL,
    ref        TEXT NOT NULL,
    paths      TEXT NOT NULL,         -- JSON list of patterns
    priority   INTEGER NOT NULL,
    registered INTEGER NOT NULL,      -- registration order
    configured INTEGER NOT NULL,
    write_mode TEXT NOT NULL,
    UNIQUE (type, target, ref, paths)
) STRICT;

-- The last good version of an entity whose file is broken now, and orphans that are kept: the mirror keeps the commit.
CREATE TABLE last_good (
    location_id TEXT NOT NULL,
    repository  TEXT NOT NULL,
    git_ref     TEXT NOT NULL,
    path        TEXT NOT NULL,
    entity_ref  TEXT NOT NULL,
    why         TEXT NOT NULL CHECK (why IN ('broken', 'orphan')),
    commit_id   TEXT NOT NULL,
    blob        TEXT NOT NULL,
    url         TEXT NOT NULL,
    PRIMARY KEY (location_id, repository, git_ref, path, entity_ref)
) STRICT, WITHOUT ROWID;

-- Refs that a remote no longer has, and since when: their entities go after a grace period (R19).
CREATE TABLE missing_refs (
    repository TEXT NOT NULL,
    revision   TEXT NOT NULL,
    since      TEXT NOT NULL,
    PRIMARY KEY (repository, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    hash      TEXT NOT NULL,          -- SHA-256 of the secret part, hex (R55)
    scopes    TEXT NOT NULL,          -- JSON list
    created   TEXT NOT NULL,
    expires   TEXT,
    last_used TEXT,
    revoked   TEXT
) STRICT;
