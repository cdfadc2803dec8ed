-- Where activity records come from. The secret of a webhook is encrypted with STATE/secret.key (syncd/vault.py).
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

-- What was reported. Times are epoch milliseconds. Which entities a record belongs to is decided when it is read.
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
CREATE UNIQUE INDEX activity_identifier ON activity (integration, identifier) WHERE identifier IS NOT NULL;
CREATE INDEX activity_newest ON activity (timestamp, id);
CREATE INDEX activity_entity ON activity (entity_ref, timestamp);
CREATE INDEX activity_correlated ON activity (integration, correlated) WHERE entity_ref IS NULL;
CREATE INDEX activity_received ON activity (integration, received);
