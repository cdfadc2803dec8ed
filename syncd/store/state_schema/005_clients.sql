-- Programs that exchange a secret for access tokens of a few hours (Port's way to ask).
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

-- The client that an access token was made for; such a token ends with its client's secret.
ALTER TABLE tokens ADD COLUMN client TEXT;
