-- A state as format 1 has it, every table with rows. Kept as it is for ever (R43).
BEGIN TRANSACTION;
CREATE TABLE changed_entities (
    ref  TEXT NOT NULL,
    seq  INTEGER NOT NULL REFERENCES changes (seq),
    what TEXT NOT NULL CHECK (what IN ('added', 'updated', 'removed')),
    etag TEXT NOT NULL,
    PRIMARY KEY (ref, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "changed_entities" VALUES('component:default/shelf',2,'added','e2');
INSERT INTO "changed_entities" VALUES('component:default/till',2,'added','e1');
INSERT INTO "changed_entities" VALUES('component:default/till',4,'updated','e3');
CREATE TABLE changes (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    at     TEXT NOT NULL,             -- RFC 3339, UTC
    actor  TEXT NOT NULL,             -- token name, "socket:<uid>", "config" or "git"
    what   TEXT NOT NULL,             -- location.added, location.removed, sync, entity.deleted, token.created, …
    target TEXT NOT NULL,             -- the location, entity or token it is about
    detail TEXT NOT NULL              -- JSON
) STRICT;
INSERT INTO "changes" VALUES(1,'2026-05-01T10:00:00.000Z','config','location.added','l1','{"location": "git:file:///srv/git/shop.git"}');
INSERT INTO "changes" VALUES(2,'2026-05-01T10:00:00.000Z','git','sync','l1','{}');
INSERT INTO "changes" VALUES(3,'2026-05-01T10:00:00.000Z','socket:1000','token.created','t1','{}');
INSERT INTO "changes" VALUES(4,'2026-05-01T10:00:00.000Z','socket:1000','properties','','{}');
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
INSERT INTO "last_good" VALUES('l1','file:///srv/git/shop.git','refs/heads/main','a/x.yaml','component:default/shelf','broken','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','');
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
INSERT INTO "locations" VALUES('l1','git','file:///srv/git/shop.git','main','["a/*.yaml"]',3,1,1,'commit');
INSERT INTO "locations" VALUES('l2','url','https://git.example.test/acme/shop/blob/main/catalog-info.yaml','','[]',0,2,0,'none');
CREATE TABLE missing_refs (
    repository TEXT NOT NULL,
    revision   TEXT NOT NULL,
    since      TEXT NOT NULL,
    PRIMARY KEY (repository, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO "missing_refs" VALUES('file:///srv/git/shop.git','gone','2026-05-01T10:00:00.000Z');
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
INSERT INTO "tokens" VALUES('t1','scraper','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','["read"]','2026-05-01T10:00:00.000Z',NULL,'2026-05-01T10:00:00.000Z',NULL);
INSERT INTO "tokens" VALUES('t2','ältere','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','["read", "sql"]','2026-05-01T10:00:00.000Z','2026-05-01T10:00:00.000Z',NULL,'2026-05-01T10:00:00.000Z');
CREATE INDEX changed_entities_seq ON changed_entities (seq);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',4);
COMMIT;
PRAGMA user_version=1;
