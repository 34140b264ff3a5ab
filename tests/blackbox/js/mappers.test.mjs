// What people put between their code and the SDK: object mappers and an admin page, unmodified. Each calls operations of
// its own choice (waiters, time to live, tags), and gives up when one is not known.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import dynamoose from 'dynamoose';
import admin from 'dynamodb-admin';
import { Entity, Service } from 'electrodb';
import { db, definitions, doc, index, keySchema, uniqueName, withTable } from './support.mjs';

test('dynamoose makes its table, and keeps to conditions and transactions', async () => {
  dynamoose.aws.ddb.set(db);
  const schema = new dynamoose.Schema({
    id: { type: String, hashKey: true },
    owner: { type: String, index: { name: 'by-owner', type: 'global' } },
    lives: Number,
    names: { type: Set, schema: [String] },
  }, { timestamps: true });
  const Cat = dynamoose.model(uniqueName('cats'), schema, { throughput: 'ON_DEMAND', expires: { ttl: 60_000, attribute: 'gone' } });
  await Cat.create({ id: 'a', owner: 'nora', lives: 9, names: new Set(['Mo', 'Moritz']) });
  await assert.rejects(Cat.create({ id: 'a', owner: 'teo' }), { name: 'ConditionalCheckFailedException' });
  assert.deepEqual((await Cat.batchPut([{ id: 'b', owner: 'nora', lives: 7 }, { id: 'c', owner: 'teo', lives: 1 }])).unprocessedItems, []);
  await dynamoose.transaction([Cat.transaction.update({ id: 'a' }, { lives: 8 }), Cat.transaction.create({ id: 'd', owner: 'teo' })]);

  const { Table } = await db.describeTable({ TableName: Cat.table().name });
  assert.deepEqual(Table.GlobalSecondaryIndexes.map((made) => made.IndexName), ['by-owner']);
  const { TimeToLiveDescription: expiry } = await db.describeTimeToLive({ TableName: Cat.table().name });
  assert.equal(expiry.AttributeName, 'gone');
  const mine = await Cat.query('owner').eq('nora').exec();
  assert.deepEqual(mine.map((cat) => [cat.id, cat.lives]).sort(), [['a', 8], ['b', 7]]);
  assert.deepEqual([...(await Cat.get('a')).names].sort(), ['Mo', 'Moritz']);
  assert.equal((await Cat.scan('lives').gt(7).exec()).count, 1);
  assert.equal((await Cat.update({ id: 'c' }, { $ADD: { lives: 4 } })).lives, 5);
  await Cat.delete('c');
  assert.equal(await Cat.get('c'), undefined);
});

test('ElectroDB keeps several kinds of things in one table', async () => {
  const request = {
    KeySchema: keySchema('pk', 'sk'),
    AttributeDefinitions: definitions({ pk: 'S', sk: 'S', gsi1pk: 'S', gsi1sk: 'S' }),
    GlobalSecondaryIndexes: [index('gsi1', 'gsi1pk', 'gsi1sk')],
  };
  await withTable(request, async (table) => {
    const Task = new Entity({
      model: { entity: 'task', version: '1', service: 'work' },
      attributes: {
        team: { type: 'string', required: true }, task: { type: 'string', required: true }, project: { type: 'string' },
        points: { type: 'number', default: 1 }, labels: { type: 'set', items: 'string' }, notes: { type: 'list', items: { type: 'string' } },
      },
      indexes: {
        of: { pk: { field: 'pk', composite: ['team'] }, sk: { field: 'sk', composite: ['task'] } },
        within: { index: 'gsi1', pk: { field: 'gsi1pk', composite: ['project'] }, sk: { field: 'gsi1sk', composite: ['task'] } },
      },
    }, { table, client: doc });
    await Task.create({ team: 'blue', task: '1', project: 'boat', labels: ['wood', 'glue'], notes: ['begun'] }).go();
    await assert.rejects(Task.create({ team: 'blue', task: '1', project: 'boat' }).go(), /conditional request failed/);
    await Task.put([{ team: 'blue', task: '2', project: 'boat' }, { team: 'blue', task: '3', project: 'sail' }]).go();

    const changed = await Task.update({ team: 'blue', task: '1' }).add({ points: 4 }).append({ notes: ['glued'] }).delete({ labels: ['glue'] })
      .go({ response: 'all_new' });
    assert.deepEqual([changed.data.points, changed.data.notes, changed.data.labels], [5, ['begun', 'glued'], ['wood']]);
    const heavy = await Task.query.within({ project: 'boat' }).where(({ points }, { gte }) => gte(points, 2)).go();
    assert.deepEqual(heavy.data.map((task) => task.task), ['1']);
    const first = await Task.query.of({ team: 'blue' }).go({ limit: 2 });
    const rest = await Task.query.of({ team: 'blue' }).go({ cursor: first.cursor });
    assert.deepEqual([...first.data, ...rest.data].map((task) => task.task), ['1', '2', '3']);

    const write = (least) => new Service({ Task }).transaction.write((of) => [
      of.Task.patch({ team: 'blue', task: '2' }).set({ points: 7 }).commit(),
      of.Task.check({ team: 'blue', task: '1' }).where(({ points }, { gt }) => gt(points, least)).commit(),
    ]).go();
    assert.equal((await write(5)).canceled, true);
    assert.equal((await write(4)).canceled, false);
    assert.equal((await Task.get({ team: 'blue', task: '2' }).go()).data.points, 7);
  });
});

test('the pages of dynamodb-admin show a table and its items', async () => {
  await withTable({}, async (table) => {
    await doc.put({ TableName: table, Item: { pk: 'a row of its own', n: 1 } });
    const server = admin.createServer({ dynamoDbClient: db }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      for (const [path, text] of [['/', table], [`/tables/${table}`, table], [`/tables/${table}/items`, 'a row of its own'],
        [`/tables/${table}/get`, table], [`/tables/${table}/meta`, 'KeySchema'], [`/tables/${table}/ttl`, table]]) {
        const page = await fetch(`http://127.0.0.1:${server.address().port}${path}`);
        assert.equal(page.status, 200, path);
        assert.ok((await page.text()).includes(text), path);
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
