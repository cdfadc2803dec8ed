-- By what a git host tells of pushes. Secrets are encrypted with STATE/secret.key (syncd/vault.py).
CREATE TABLE webhooks (
    id       TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    created  TEXT NOT NULL,           -- RFC 3339, UTC
    secrets  TEXT NOT NULL            -- JSON list of [id, sealed, created, expires], the newest first
) STRICT, WITHOUT ROWID;

-- Deliveries that rang, so that none of them rings again within a day.
CREATE TABLE deliveries (
    webhook TEXT NOT NULL,
    id      TEXT NOT NULL,            -- as the host names it
    secret  TEXT NOT NULL,            -- the id of the secret that it was signed with
    at      TEXT NOT NULL,
    PRIMARY KEY (webhook, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_at ON deliveries (at);
