-- Edits of descriptor files, written down before the first push.
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
CREATE INDEX edits_newest ON edits (at, id);
CREATE INDEX edits_unfinished ON edits (state) WHERE state IN ('pending', 'pushed');
