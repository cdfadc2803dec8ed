-- A state as format 10 has it, every table with rows. Kept as it is for ever (R43).
BEGIN TRANSACTION;
CREATE TABLE activity (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    integration TEXT NOT NULL,
    schema      TEXT NOT NULL,
    identifier  TEXT,                     -- the key of updates; NULL where records are only ever added
    entity_ref  TEXT,                     -- as the record names it
    correlated  TEXT,                     -- the record's value at the integration's ingested_path
    type        TEXT,
    timestamp   INTEGER NOT NULL,         -- when it happened; without one, when it was received
    received    INTEGER NOT NULL,
    fields      TEXT NOT NULL             -- JSON, the record as it was sent
) STRICT;
INSERT INTO "activity" VALUES(1,'i1','deployment','d-1','component:default/till',NULL,'x',1777629600000,1777629600000,'{}');
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
CREATE TABLE changed_properties (
    ref    TEXT NOT NULL,
    seq    INTEGER NOT NULL REFERENCES changes (seq),
    path   TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('added', 'updated', 'removed')),
    old    TEXT,                      -- JSON
    new    TEXT,
    PRIMARY KEY (ref, seq, path)
) STRICT, WITHOUT ROWID;
INSERT INTO "changed_properties" VALUES('component:default/till',4,'metadata.tier','added',NULL,'"gold"');
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
CREATE TABLE clients (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    salt      TEXT NOT NULL,          -- hex
    hash      TEXT NOT NULL,          -- SHA-256 of salt and secret, hex
    scopes    TEXT NOT NULL,          -- JSON list
    created   TEXT NOT NULL,
    rotated   TEXT,                   -- when the secret was last changed
    last_used TEXT,                   -- when the last access token was made
    disabled  TEXT
) STRICT;
INSERT INTO "clients" VALUES('c1','port','00ff','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','["read"]','2026-05-01T10:00:00.000Z',NULL,'2026-05-01T10:00:00.000Z',NULL);
CREATE TABLE deliveries (
    webhook TEXT NOT NULL,
    id      TEXT NOT NULL,            -- as the host names it
    secret  TEXT NOT NULL,            -- the id of the secret that it was signed with
    at      TEXT NOT NULL,
    PRIMARY KEY (webhook, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "deliveries" VALUES('w1','d1','s1','2026-05-01T10:00:00.000Z');
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
INSERT INTO "documents" VALUES('api:default/pay','{"kind": "API"}','e4','port','2026-05-01T10:00:00.000Z','a','2026-05-01T10:00:00.000Z','b');
CREATE TABLE edits (
    id         TEXT PRIMARY KEY,
    at         TEXT NOT NULL,         -- RFC 3339, UTC
    actor      TEXT NOT NULL,
    location   TEXT NOT NULL,
    repository TEXT NOT NULL,
    git_ref    TEXT NOT NULL,         -- the branch that is read
    target     TEXT NOT NULL CHECK (target IN ('branch', 'commit')),
    branch     TEXT NOT NULL,         -- the branch that is pushed to
    message    TEXT NOT NULL,
    paths      TEXT NOT NULL,         -- JSON list of [ref, path of its file]
    changes    TEXT NOT NULL,         -- JSON list of [ref, path, op, value, expected]
    files      TEXT NOT NULL,         -- JSON list of [path, blob before, blob after, diff, undo]
    state      TEXT NOT NULL CHECK (state IN ('proposed', 'pending', 'pushed', 'confirmed', 'failed')),
    reason     TEXT NOT NULL,
    parent     TEXT NOT NULL,         -- of the last commit that was made for it
    commit_id  TEXT NOT NULL,
    undoes     TEXT NOT NULL,
    updated    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "edits" VALUES('ed1','2026-05-01T10:00:00.000Z','socket:1000','l1','file:///srv/git/shop.git','refs/heads/main','commit','refs/heads/main','Set','[["component:default/till", "a/x.yaml"]]','[["component:default/till", "metadata.title", "replace", "x", null]]','[]','confirmed','','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','','2026-05-01T10:00:00.000Z');
CREATE TABLE integrations (
    id                  TEXT PRIMARY KEY,
    way                 TEXT NOT NULL CHECK (way IN ('API', 'WEBHOOK')),
    schema              TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('enabled', 'suspended')),
    retention_days      INTEGER NOT NULL,
    ingested_path       TEXT,             -- with catalog_path: equal values link a record to an entity
    catalog_path        TEXT,
    fields              TEXT NOT NULL,    -- JSON list: what a custom record may hold beside the common fields
    mapping             TEXT NOT NULL,    -- JSON object: field → path in the body of a delivery
    signature_header    TEXT,
    signature_algorithm TEXT,
    secret              TEXT,             -- sealed
    created             TEXT NOT NULL     -- RFC 3339, UTC
) STRICT;
INSERT INTO "integrations" VALUES('i1','WEBHOOK','deployment','enabled',90,NULL,NULL,'[]','{}','x-signature','sha256','sealed','2026-05-01T10:00:00.000Z');
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
    write_mode TEXT NOT NULL, named_after TEXT NOT NULL DEFAULT '', paused INTEGER NOT NULL DEFAULT 0, poll_interval REAL,
    UNIQUE (type, target, ref, paths)
) STRICT;
INSERT INTO "locations" VALUES('l1','git','file:///srv/git/shop.git','main','["a/*.yaml"]',3,1,1,'commit','',0,300.0);
INSERT INTO "locations" VALUES('l2','url','https://git.example.test/acme/shop/blob/main/catalog-info.yaml','','[]',0,2,0,'none','',0,NULL);
CREATE TABLE missing_refs (
    repository TEXT NOT NULL,
    revision   TEXT NOT NULL,
    since      TEXT NOT NULL,
    PRIMARY KEY (repository, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO "missing_refs" VALUES('file:///srv/git/shop.git','gone','2026-05-01T10:00:00.000Z');
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
INSERT INTO "overlay" VALUES('component:default/till','metadata.tier','"gold"','replace','own','socket:1000','2026-05-01T10:00:00.000Z');
CREATE TABLE tokens (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    hash      TEXT NOT NULL,          -- SHA-256 of the secret part, hex (R55)
    scopes    TEXT NOT NULL,          -- JSON list
    created   TEXT NOT NULL,
    expires   TEXT,
    last_used TEXT,
    revoked   TEXT
, read TEXT, client TEXT) STRICT;
INSERT INTO "tokens" VALUES('t1','scraper','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','["read"]','2026-05-01T10:00:00.000Z',NULL,'2026-05-01T10:00:00.000Z',NULL,NULL,NULL);
INSERT INTO "tokens" VALUES('t2','ältere','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','["read", "sql"]','2026-05-01T10:00:00.000Z','2026-05-01T10:00:00.000Z',NULL,'2026-05-01T10:00:00.000Z',NULL,NULL);
CREATE TABLE webhooks (
    id       TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    created  TEXT NOT NULL,           -- RFC 3339, UTC
    secrets  TEXT NOT NULL            -- JSON list of [id, sealed, created, expires], the newest first
) STRICT, WITHOUT ROWID;
INSERT INTO "webhooks" VALUES('w1','github','2026-05-01T10:00:00.000Z','[["s1", "sealed", "2026-05-01T10:00:00.000Z", null]]');
CREATE INDEX changed_entities_seq ON changed_entities (seq);
CREATE INDEX overlay_path ON overlay (path);
CREATE INDEX changed_properties_seq ON changed_properties (seq);
CREATE UNIQUE INDEX activity_identifier ON activity (integration, identifier) WHERE identifier IS NOT NULL;
CREATE INDEX activity_newest ON activity (timestamp, id);
CREATE INDEX activity_entity ON activity (entity_ref, timestamp);
CREATE INDEX activity_correlated ON activity (integration, correlated) WHERE entity_ref IS NULL;
CREATE INDEX activity_received ON activity (integration, received);
CREATE INDEX deliveries_at ON deliveries (at);
CREATE INDEX edits_newest ON edits (at, id);
CREATE INDEX edits_unfinished ON edits (state) WHERE state IN ('pending', 'pushed');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',4);
INSERT INTO "sqlite_sequence" VALUES('activity',1);
COMMIT;
PRAGMA user_version=10;
