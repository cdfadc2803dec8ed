// Backstage's own client, unchanged, against a daemon that holds the fixture "shop": every method that it has.
// The daemon, its repositories and the token come from `python -m tests.clients`, by the environment.

const assert = require('node:assert/strict');
const { after, test } = require('node:test');
const { CATALOG_FILTER_EXISTS, CatalogClient } = require('@backstage/catalog-client');

const { url, token, shop, targets } = JSON.parse(process.env.CATALOG_SCENE);
const CHECKOUT = 'component:default/checkout';
const BY_NAME = { field: 'metadata.name', order: 'asc' };
const NAMES = [
  'cart-db', 'checkout', 'checkout-api', 'commerce', 'division', 'Gateway', shop.name, 'mira', 'pricing',
  'storefront', 'team-cart',
];

const called = new Set();
const client = new Proxy(
  new CatalogClient({ discoveryApi: { getBaseUrl: async () => `${url}/api/catalog` } }),
  {
    get(object, name) {
      called.add(name);
      return (...args) => {
        const last = Math.max(args.length, object[name].length - 1); // where a method takes its options
        return object[name](...args, ...Array(last - args.length).fill(undefined), { token });
      };
    },
  },
);

const names = entities => entities.map(entity => entity.metadata.name);
const component = name => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name },
  spec: { type: 'service', lifecycle: 'production', owner: 'team-cart' },
});

const refusal = (status, message) => error => {
  assert.equal(error.response.status, status);
  assert.match(error.cause.message, message); // clients look for these words
  return true;
};

async function collected(stream) {
  const pages = [];
  for await (const page of stream) pages.push(page);
  return pages;
}

async function until(what, condition) {
  const deadline = Date.now() + 60_000;
  let found;
  while (!(found = await condition())) {
    assert.ok(Date.now() < deadline, `not within a minute: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return found;
}

test('getEntities', async () => {
  assert.equal((await client.getEntities({})).items.length, 11);
  const components = await client.getEntities({
    filter: [{ kind: 'component', 'metadata.tags': ['go', 'rust'] }, { kind: 'api', 'spec.type': CATALOG_FILTER_EXISTS }],
    fields: ['kind', 'metadata.name'],
    order: [{ field: 'kind', order: 'asc' }, { field: 'metadata.name', order: 'desc' }],
  });
  assert.deepEqual(components.items, [
    { kind: 'API', metadata: { name: 'checkout-api' } },
    { kind: 'Component', metadata: { name: 'pricing' } },
    { kind: 'Component', metadata: { name: 'Gateway' } },
  ]);
  assert.equal((await client.getEntities({ limit: 2, offset: 10 })).items.length, 1);
});

test('getEntityByRef and getEntityByName', async () => {
  assert.equal((await client.getEntityByRef('component:edge/gateway')).metadata.name, 'Gateway');
  assert.equal((await client.getEntityByName({ kind: 'API', name: 'checkout-api' })).kind, 'API');
  assert.equal(await client.getEntityByRef('component:default/nope'), undefined);
});

test('getEntitiesByRefs keeps order and length over several requests', async () => {
  const refs = [CHECKOUT, ...Array.from({ length: 2500 }, (_, n) => `component:default/nobody-${n}`), CHECKOUT];
  const { items } = await client.getEntitiesByRefs({ entityRefs: refs, fields: ['metadata.name'] });
  assert.equal(items.length, 2502);
  assert.deepEqual([items[0], items[1], items[2501]], [{ metadata: { name: 'checkout' } }, undefined, items[0]]);
  const entityRefs = [CHECKOUT, 'api:default/checkout-api'];
  assert.deepEqual((await client.getEntitiesByRefs({ entityRefs, filter: { kind: 'api' } })).items[0], undefined);
  const both = { entityRefs, filter: { kind: 'component' }, query: { 'spec.lifecycle': 'production' } };
  assert.deepEqual(names((await client.getEntitiesByRefs(both)).items.slice(0, 1)), ['checkout']);
  assert.equal((await client.getEntitiesByRefs(both)).items[1], undefined);
});

test('queryEntities by filter, forward and back', async () => {
  const first = await client.queryEntities({ orderFields: BY_NAME, limit: 3 });
  assert.deepEqual([names(first.items), first.totalItems], [NAMES.slice(0, 3), 11]);
  const second = await client.queryEntities({ cursor: first.pageInfo.nextCursor, limit: 3 });
  assert.deepEqual(names(second.items), NAMES.slice(3, 6));
  const back = await client.queryEntities({ cursor: second.pageInfo.prevCursor, limit: 3, fields: ['kind'] });
  assert.deepEqual(back.items, [{ kind: 'Resource' }, { kind: 'Component' }, { kind: 'API' }]);
  assert.equal(back.pageInfo.prevCursor, undefined);
  const text = { term: ' CHECK ', fields: ['metadata.name'] };
  assert.deepEqual((await client.queryEntities({ fullTextFilter: text, totalItems: 'exclude' })).totalItems, 0);
  assert.equal((await client.queryEntities({ filter: { kind: 'component' }, limit: 0 })).totalItems, 3);
});

test('queryEntities by predicate, forward and back', async () => {
  const first = await client.queryEntities({
    query: { $not: { kind: { $in: ['group', 'user'] } } },
    filter: [{ 'metadata.namespace': ['default'] }, { 'metadata.tags': CATALOG_FILTER_EXISTS }],
    orderFields: [BY_NAME],
    limit: 2,
    offset: 1,
    fullTextFilter: { term: 'c' },
  });
  assert.deepEqual([names(first.items), first.totalItems], [['checkout', 'checkout-api'], 6]);
  const second = await client.queryEntities({ cursor: first.pageInfo.nextCursor, limit: 2 });
  assert.deepEqual([names(second.items), second.totalItems], [['commerce', shop.name], 6]);
  const back = await client.queryEntities({ cursor: second.pageInfo.prevCursor, limit: 2, fields: ['metadata.name'] });
  assert.deepEqual(names(back.items), ['checkout', 'checkout-api']);
});

test('streamEntities by filter and by predicate', async () => {
  for (const request of [{}, { filter: {} }, { query: {} }, { query: { $all: [] } }]) {
    const pages = await collected(client.streamEntities({ ...request, orderFields: BY_NAME, pageSize: 4 }));
    assert.deepEqual(pages.map(page => page.length), [4, 4, 3]);
    assert.deepEqual(pages.flatMap(names), NAMES);
  }
  assert.equal((await collected(client.streamEntities())).flat().length, 11);
});

test('getEntityFacets by filter and by predicate', async () => {
  const asked = { facets: ['metadata.tags', 'kind'] };
  const counted = await client.getEntityFacets({ ...asked, filter: { kind: 'component' } });
  assert.deepEqual(counted.facets.kind, [{ value: 'Component', count: 3 }]);
  assert.deepEqual(await client.getEntityFacets({ ...asked, query: { kind: 'component' } }), counted);
  assert.deepEqual(await client.getEntityFacets({ ...asked, query: {}, filter: { kind: 'component' } }), counted);
});

test('getEntityAncestors', async () => {
  const { rootEntityRef, items } = await client.getEntityAncestors({ entityRef: CHECKOUT });
  assert.equal(rootEntityRef, CHECKOUT);
  assert.deepEqual(items.map(item => item.parentEntityRefs), [[`location:default/${shop.name}`], []]);
  await assert.rejects(client.getEntityAncestors({ entityRef: 'component:default/nope' }), refusal(404, /No such entity/));
});

test('validateEntity', async () => {
  const place = `url:${shop.target}`;
  assert.deepEqual(await client.validateEntity(component('good'), place), { valid: true });
  const judged = await client.validateEntity(component('not good'), place);
  assert.equal(judged.valid, false);
  assert.match(judged.errors[0].message, /metadata.name/);
  assert.equal((await client.validateEntity(component('good'), shop.target)).valid, false);
});

test('analyzeLocation', async () => {
  const location = { type: 'url', target: 'https://github.com/acme/new-thing' };
  const { existingEntityFiles, generateEntities } = await client.analyzeLocation({ location, catalogFilename: 'a.yaml' });
  assert.deepEqual(existingEntityFiles, []);
  const [{ entity, fields }] = generateEntities;
  assert.deepEqual([entity.metadata.name, fields], ['new-thing', []]);
  assert.equal(entity.metadata.annotations['github.com/project-slug'], 'acme/new-thing');
});

test('reading locations', async () => {
  const [location] = (await client.getLocations()).items;
  assert.equal(location.target, shop.target);
  assert.deepEqual(await client.getLocationById(location.id), location);
  assert.equal(await client.getLocationById('nope'), undefined);
  assert.deepEqual(await client.getLocationByRef(`url:${shop.target}`), location);
  assert.deepEqual(await client.getLocationByEntity(CHECKOUT), location);
  assert.equal(await client.getLocationByEntity('component:default/nope'), undefined);
  const page = await client.queryLocations({ query: { type: 'url', target: { $hasPrefix: 'https://git.' } } });
  assert.deepEqual(page, { items: [location], totalItems: 1, pageInfo: {} });
});

test('the life of a location', async () => {
  const [one, two] = targets.good;
  const tried = await client.addLocation({ target: one, dryRun: true });
  assert.deepEqual([tried.exists, tried.entities.length, tried.location.id], [false, 2, `url:${one}`]);
  assert.equal((await client.getLocations()).items.length, 1);

  const { location } = await client.addLocation({ target: one });
  await assert.rejects(client.addLocation({ target: one }), refusal(409, /already exists/));
  assert.deepEqual((await client.addLocation({ target: one, onConflict: 'refresh' })).location, location);
  const entity = await until('the entity of the new location', () => client.getEntityByRef('component:default/one'));
  await client.refreshEntity('component:default/one');
  await client.removeEntityByUid(entity.metadata.uid);
  await until('the entity that its source still holds', () => client.getEntityByRef('component:default/one'));

  const pages = await collected(client.streamLocations({ limit: 1 }));
  assert.deepEqual(pages.map(page => page.length), [1, 1]);
  assert.equal((await collected(client.streamLocations())).flat().length, 2);

  const changed = await client.updateLocation(location.id, { type: 'url', target: two });
  assert.deepEqual(changed, { ...location, target: two });
  await until('the entity of the other target', () => client.getEntityByRef('component:default/two'));
  await client.removeLocationById(location.id);
  await until('its entity is gone', async () => !(await client.getEntityByRef('component:default/two')));
  assert.equal(await client.getLocationById(location.id), undefined);
});

test('errors are those that the client knows', async () => {
  const failure = await client.addLocation({ target: targets.bad, dryRun: true }).catch(error => error);
  assert.deepEqual([failure.name, failure.response.status, failure.cause.name], ['ResponseError', 400, 'InputError']);
  await assert.rejects(client.refreshEntity('component:default/nope'), refusal(404, /not found/));
  await assert.rejects(client.queryEntities({ cursor: 'garbage' }), refusal(400, /Malformed cursor/));
  await assert.rejects(client.queryEntities({ query: { kind: { $regex: 'x' } } }), refusal(400, /\$regex/));
  await assert.rejects(client.getEntityFacets({ facets: [] }), refusal(400, /facet/));
});

after(() => {
  const inner = /^(constructor|request|getFilterValue|\w+ByPredicate$)/;
  const methods = Object.getOwnPropertyNames(CatalogClient.prototype).filter(name => !inner.test(name));
  assert.deepEqual(methods.filter(name => !called.has(name)), [], 'methods that no test calls');
});
