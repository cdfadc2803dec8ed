-- Derived data: comes back equal from mirrors and state.sqlite (but eid and document_id).

CREATE SCHEMA core;
CREATE TABLE core.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

-- Copies of what winners are decided by.
CREATE TABLE core.locations (
    location_id VARCHAR NOT NULL, type VARCHAR NOT NULL, target VARCHAR NOT NULL, git_ref VARCHAR NOT NULL,
    paths VARCHAR NOT NULL, location_ref VARCHAR NOT NULL, entity_ref VARCHAR NOT NULL,
    priority INTEGER NOT NULL, registered INTEGER NOT NULL, configured BOOLEAN NOT NULL, named_after VARCHAR NOT NULL
);

-- What each location last read: the memory of its next walk.
CREATE TABLE core.walks (location_id VARCHAR NOT NULL, commits VARCHAR NOT NULL);
CREATE TABLE core.files (
    location_id VARCHAR NOT NULL, repository VARCHAR NOT NULL, git_ref VARCHAR NOT NULL, path VARCHAR NOT NULL,
    blob VARCHAR NOT NULL, known VARCHAR NOT NULL
);

-- Every document of every file, with its one outcome.
CREATE TABLE core.documents (
    document_id INTEGER NOT NULL, location_id VARCHAR NOT NULL,
    repository VARCHAR NOT NULL, git_ref VARCHAR NOT NULL, path VARCHAR NOT NULL, blob VARCHAR NOT NULL,
    url VARCHAR NOT NULL, parent VARCHAR NOT NULL, idx INTEGER NOT NULL, line INTEGER NOT NULL,
    outcome VARCHAR NOT NULL, retained VARCHAR NOT NULL, entity_ref VARCHAR NOT NULL, entity VARCHAR
);
CREATE TABLE core.relations (
    document_id INTEGER NOT NULL, source_ref VARCHAR NOT NULL, type VARCHAR NOT NULL, target_ref VARCHAR NOT NULL
);
CREATE TABLE core.problems (
    location_id VARCHAR NOT NULL, repository VARCHAR NOT NULL, git_ref VARCHAR NOT NULL, path VARCHAR NOT NULL,
    url VARCHAR NOT NULL, parent VARCHAR NOT NULL, idx INTEGER NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL,
    code VARCHAR NOT NULL, message VARCHAR NOT NULL, hint VARCHAR NOT NULL, entity_ref VARCHAR NOT NULL,
    error_name VARCHAR NOT NULL
);

-- Which document speaks for a ref.
CREATE TABLE core.winners (entity_ref VARCHAR NOT NULL, document_id INTEGER NOT NULL);

-- Exactly the live entities.
CREATE TABLE core.entities (
    eid INTEGER NOT NULL, ref VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, kind_key VARCHAR NOT NULL, namespace VARCHAR NOT NULL, namespace_key VARCHAR NOT NULL,
    name VARCHAR NOT NULL, name_key VARCHAR NOT NULL, uid VARCHAR NOT NULL, etag VARCHAR NOT NULL,
    title VARCHAR, description VARCHAR, type VARCHAR, lifecycle VARCHAR, owner VARCHAR, system VARCHAR, domain VARCHAR,
    tags VARCHAR[] NOT NULL, updated VARCHAR NOT NULL, doc VARCHAR NOT NULL
);

-- One row a value; rank is what numbers, versions and times are compared by. Rows of an eid that is no longer in
-- core.entities are dead and swept when idle.
CREATE TABLE core.search (
    key VARCHAR NOT NULL, value VARCHAR, original VARCHAR, number DOUBLE, member BOOLEAN NOT NULL, rank VARCHAR,
    eid INTEGER NOT NULL
);

-- Full text: every term of an entity with how much it says of it; dead rows as in core.search.
CREATE TABLE core.terms (term VARCHAR NOT NULL, eid INTEGER NOT NULL, weight TINYINT NOT NULL);

CREATE UNIQUE INDEX entities_eid ON core.entities (eid);
CREATE INDEX entities_ref ON core.entities (ref);
CREATE INDEX documents_ref ON core.documents (entity_ref);
CREATE INDEX documents_id ON core.documents (document_id);
CREATE INDEX relations_document ON core.relations (document_id);
CREATE INDEX winners_ref ON core.winners (entity_ref);
