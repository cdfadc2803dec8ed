-- What users ask with SQL: the contract of docs/sql.md. Times are UTC.

-- The log of changes is in state.sqlite; a snapshot gets its newest rows (syncd/store/snapshot.py). Empty in the index.
CREATE TABLE core.changes (
    seq INTEGER NOT NULL, time VARCHAR NOT NULL, actor VARCHAR NOT NULL, what VARCHAR NOT NULL, target VARCHAR NOT NULL,
    detail VARCHAR NOT NULL, added VARCHAR[] NOT NULL, updated VARCHAR[] NOT NULL, removed VARCHAR[] NOT NULL
);

-- The overlay, likewise: a snapshot gets its rows.
CREATE TABLE core.overlay (
    entity_ref VARCHAR NOT NULL, path VARCHAR NOT NULL, value VARCHAR NOT NULL, base VARCHAR NOT NULL,
    source VARCHAR NOT NULL, set_by VARCHAR NOT NULL, set_at VARCHAR NOT NULL
);

-- Activity records are in state.sqlite too; a snapshot gets the newest, with the entities that they belong to by then.
CREATE TABLE core.activity (
    integration VARCHAR NOT NULL, schema VARCHAR NOT NULL, identifier VARCHAR, type VARCHAR, time BIGINT NOT NULL,
    received BIGINT NOT NULL, refs VARCHAR[] NOT NULL, fields VARCHAR NOT NULL
);

CREATE MACRO core.field(doc, path) AS json_extract_string(doc, path);
CREATE MACRO core.texts(doc, path) AS TRY_CAST(json_extract(doc, path) AS VARCHAR[]);
CREATE MACRO core.pairs(doc, path) AS TRY_CAST(json_extract(doc, path) AS MAP(VARCHAR, VARCHAR));
-- The targets of an entity's relations of one type.
CREATE MACRO core.targets(doc, wanted) AS list_transform(
    list_filter(
        TRY_CAST(json_extract(doc, '$.relations') AS STRUCT("type" VARCHAR, "targetRef" VARCHAR)[]),
        lambda r: r."type" = wanted
    ),
    lambda r: r."targetRef"
);

CREATE VIEW main.entities AS
SELECT
    e.ref, e.kind, e.namespace, e.name, e.title, e.description, e.type, e.lifecycle,
    e.owner, core.targets(e.doc, 'ownedBy')[1] AS owner_ref, e.system, e.domain, e.tags,
    core.pairs(e.doc, '$.metadata.labels') AS labels, core.pairs(e.doc, '$.metadata.annotations') AS annotations,
    json_extract(e.doc, '$.metadata.links') AS links,
    coalesce(core.field(e.doc, '$.metadata.annotations."backstage.io/orphan"') = 'true', false) AS orphan,
    CAST(e.updated AS TIMESTAMP) AS updated, e.uid, e.etag,
    d.location_id, nullif(d.repository, '') AS repository, nullif(d.git_ref, '') AS git_ref, nullif(d.path, '') AS path,
    CASE WHEN d.path <> '' THEN d.line END AS line, nullif(d.url, '') AS url,
    json_extract(e.doc, '$.spec') AS spec, CAST(e.doc AS JSON) AS doc
FROM core.entities e
LEFT JOIN core.winners w ON w.entity_ref = e.ref
LEFT JOIN core.documents d ON d.document_id = w.document_id;

CREATE VIEW main.components AS
SELECT
    ref, namespace, name, title, description, type, lifecycle, owner, owner_ref,
    system, core.targets(doc, 'partOf') AS part_of_refs,
    core.field(doc, '$.spec.subcomponentOf') AS subcomponent_of,
    core.texts(doc, '$.spec.providesApis') AS provides_apis, core.targets(doc, 'providesApi') AS provides_api_refs,
    core.texts(doc, '$.spec.consumesApis') AS consumes_apis, core.targets(doc, 'consumesApi') AS consumes_api_refs,
    core.texts(doc, '$.spec.dependsOn') AS depends_on, core.targets(doc, 'dependsOn') AS depends_on_refs,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'Component';

CREATE VIEW main.apis AS
SELECT
    ref, namespace, name, title, description, type, lifecycle, owner, owner_ref, system,
    core.field(doc, '$.spec.definition') AS definition,
    core.targets(doc, 'apiProvidedBy') AS provided_by_refs, core.targets(doc, 'apiConsumedBy') AS consumed_by_refs,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'API';

CREATE VIEW main.resources AS
SELECT
    ref, namespace, name, title, description, type, owner, owner_ref, system,
    core.texts(doc, '$.spec.dependsOn') AS depends_on, core.targets(doc, 'dependsOn') AS depends_on_refs,
    core.targets(doc, 'dependencyOf') AS dependency_of_refs,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'Resource';

CREATE VIEW main.systems AS
SELECT
    ref, namespace, name, title, description, type, owner, owner_ref, domain,
    core.targets(doc, 'hasPart') AS part_refs,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'System';

CREATE VIEW main.domains AS
SELECT
    ref, namespace, name, title, description, type, owner, owner_ref,
    core.field(doc, '$.spec.subdomainOf') AS subdomain_of, core.targets(doc, 'hasPart') AS part_refs,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'Domain';

CREATE VIEW main.groups AS
SELECT
    ref, namespace, name, title, description, type,
    core.field(doc, '$.spec.profile.displayName') AS display_name, core.field(doc, '$.spec.profile.email') AS email,
    core.field(doc, '$.spec.parent') AS parent, core.targets(doc, 'childOf')[1] AS parent_ref,
    core.targets(doc, 'parentOf') AS child_refs, core.targets(doc, 'hasMember') AS member_refs,
    core.targets(doc, 'ownerOf') AS owner_of_refs,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'Group';

CREATE VIEW main.users AS
SELECT
    ref, namespace, name, title, description,
    core.field(doc, '$.spec.profile.displayName') AS display_name, core.field(doc, '$.spec.profile.email') AS email,
    core.texts(doc, '$.spec.memberOf') AS member_of, core.targets(doc, 'memberOf') AS member_of_refs,
    core.targets(doc, 'ownerOf') AS owner_of_refs,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'User';

CREATE VIEW main.templates AS
SELECT
    ref, namespace, name, title, description, type, lifecycle, owner, owner_ref,
    json_extract(doc, '$.spec.parameters') AS parameters, json_extract(doc, '$.spec.steps') AS steps,
    json_extract(doc, '$.spec.output') AS output,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'Template';

-- Entities of the kind Location; `locations` are the registered sources.
CREATE VIEW main.location_entities AS
SELECT
    ref, namespace, name, title, description, type,
    core.field(doc, '$.spec.target') AS target, core.texts(doc, '$.spec.targets') AS targets,
    core.field(doc, '$.spec.presence') AS presence,
    tags, labels, annotations, updated, repository, path, line, url, spec
FROM main.entities WHERE kind = 'Location';

CREATE VIEW main.relations AS
SELECT DISTINCT r.source_ref, r.type, r.target_ref, t.ref IS NULL AS dangling
FROM core.relations r
JOIN core.winners w USING (document_id)
JOIN core.entities s ON s.ref = r.source_ref
LEFT JOIN core.entities t ON t.ref = r.target_ref;

CREATE VIEW main.properties AS
SELECT e.ref, s.key, coalesce(s.original, s.value) AS value, s.number, s.member, s.rank
FROM core.search s JOIN core.entities e USING (eid);

CREATE VIEW main.locations AS
SELECT
    location_id, type, target, nullif(git_ref, '') AS git_ref, CAST(CAST(paths AS JSON) AS VARCHAR[]) AS paths,
    priority, registered, configured, entity_ref AS ref
FROM core.locations WHERE location_id <> 'api';

-- What people and programs say of entities beside their files; `attached` tells whether there is such an entity.
CREATE VIEW main.custom_properties AS
SELECT
    o.entity_ref AS ref, o.path, CAST(o.value AS JSON) AS value, TRY_CAST(o.value AS DOUBLE) AS number, o.base,
    o.source, o.set_by, CAST(o.set_at AS TIMESTAMP) AS set_at, e.ref IS NOT NULL AS attached
FROM core.overlay o LEFT JOIN core.entities e ON e.ref = o.entity_ref;

CREATE VIEW main.problems AS
SELECT
    code, message, hint, nullif(path, '') AS path, line, col, nullif(entity_ref, '') AS ref, location_id,
    nullif(repository, '') AS repository, nullif(git_ref, '') AS git_ref, nullif(url, '') AS url
FROM core.problems;

CREATE VIEW main.changes AS
SELECT
    seq, CAST(time AS TIMESTAMP) AS time, actor, what, nullif(target, '') AS target, CAST(detail AS JSON) AS detail,
    added, updated, removed
FROM core.changes;

CREATE VIEW main.activity AS
SELECT
    epoch_ms(time) AS time, integration, schema, identifier, type, refs[1] AS ref, refs,
    json_extract_string(fields, '$.name') AS name, json_extract_string(fields, '$.status') AS status,
    epoch_ms(received) AS received, CAST(fields AS JSON) AS fields
FROM core.activity;
