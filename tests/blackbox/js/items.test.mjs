// The item operations through the SDK for JavaScript: the plain client and the document client.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { paginateQuery, paginateScan, NumberValue } from '@aws-sdk/lib-dynamodb';
import { db, definitions, doc, index, keySchema, rejects, uniqueName, waitActive } from './support.mjs';

const TableName = uniqueName('items');

before(async () => {
  await db.createTable({
    TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: keySchema('pk', 'sk'),
    AttributeDefinitions: definitions({ pk: 'S', sk: 'S', g: 'S', n: 'N' }),
    GlobalSecondaryIndexes: [index('by-g', 'g', 'sk'), index('keys', 'g', 'n', { ProjectionType: 'KEYS_ONLY' })],
    LocalSecondaryIndexes: [index('by-n', 'pk', 'n', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['extra'] })],
  });
  await waitActive(TableName);
});
after(() => db.deleteTable({ TableName }));

test('every type', async () => {
  const Item = {
    pk: { S: 'types' }, sk: { S: 'ü\u{1f600}' }, num: { N: '-1.5' }, bin: { B: new Uint8Array([0, 255]) }, yes: { BOOL: true },
    nul: { NULL: true }, list: { L: [{ S: 'a' }, { M: {} }] }, map: { M: { a: { N: '1' } } }, ss: { SS: ['a'] }, ns: { NS: ['1'] },
    bs: { BS: [new Uint8Array([1])] }, empty: { S: '' },
  };
  await db.putItem({ TableName, Item });
  assert.deepEqual((await db.getItem({ TableName, Key: { pk: Item.pk, sk: Item.sk }, ConsistentRead: true })).Item, Item);
});

test('documents', async () => {
  const Item = { pk: 'doc', sk: '1', n: 1.5, list: [1, 'a', null, { deep: true }], set: new Set(['x', 'y']), bytes: new Uint8Array([7]) };
  await doc.put({ TableName, Item });
  assert.deepEqual((await doc.get({ TableName, Key: { pk: 'doc', sk: '1' } })).Item, Item);
  const big = '12345678901234567890123456789012345678';
  await doc.put({ TableName, Item: { pk: 'doc', sk: 'big', x: NumberValue.from(big) } });
  assert.equal((await db.getItem({ TableName, Key: { pk: { S: 'doc' }, sk: { S: 'big' } } })).Item.x.N, big);
});

test('update, conditions, return values', async () => {
  const Key = { pk: 'update', sk: '1' };
  let answer = await doc.update({ TableName, Key, UpdateExpression: 'ADD c :one SET #l = list_append(if_not_exists(#l, :none), :more)',
    ExpressionAttributeNames: { '#l': 'list' }, ExpressionAttributeValues: { ':one': 1, ':none': [], ':more': ['a'] }, ReturnValues: 'ALL_NEW' });
  assert.deepEqual(answer.Attributes, { ...Key, c: 1, list: ['a'] });
  answer = await doc.update({ TableName, Key, UpdateExpression: 'SET c = c + :two', ExpressionAttributeValues: { ':two': 2 },
    ReturnValues: 'UPDATED_NEW', ReturnConsumedCapacity: 'INDEXES', ReturnItemCollectionMetrics: 'SIZE' });
  assert.deepEqual(answer.Attributes, { c: 3 });
  assert.equal(answer.ConsumedCapacity.Table.CapacityUnits, 1);
  assert.deepEqual(answer.ItemCollectionMetrics.ItemCollectionKey, { pk: 'update' });
  await assert.rejects(db.deleteItem({ TableName, Key: { pk: { S: 'update' }, sk: { S: '1' } }, ConditionExpression: 'c = :no',
    ExpressionAttributeValues: { ':no': { N: '99' } }, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }), (error) => {
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.equal(error.message, 'The conditional request failed');
    assert.equal(error.Item.c.N, '3');
    return true;
  });
  answer = await doc.delete({ TableName, Key, ReturnValues: 'ALL_OLD' });
  assert.equal(answer.Attributes.c, 3);
});

test('batches, query, scan, pages', async () => {
  for (let batch = 0; batch < 4; batch++) {
    await doc.batchWrite({ RequestItems: { [TableName]: Array.from({ length: 25 }, (_, i) => batch * 25 + i).map((i) =>
      ({ PutRequest: { Item: { pk: 'batch', sk: String(i).padStart(3, '0'), g: `g${i % 2}`, n: 100 - i, extra: i, more: 'x' } } })) } });
  }
  const got = await doc.batchGet({ RequestItems: { [TableName]: {
    Keys: Array.from({ length: 100 }, (_, i) => ({ pk: 'batch', sk: String(i).padStart(3, '0') })), ProjectionExpression: 'sk' } } });
  assert.equal(got.Responses[TableName].length, 100);
  const sorted = [];
  const query = { TableName, KeyConditionExpression: 'pk = :p AND sk BETWEEN :a AND :b',
    ExpressionAttributeValues: { ':p': 'batch', ':a': '010', ':b': '029' }, ScanIndexForward: false };
  for await (const page of paginateQuery({ client: doc, pageSize: 7 }, query)) sorted.push(...page.Items.map((item) => item.sk));
  assert.deepEqual(sorted, Array.from({ length: 20 }, (_, i) => String(29 - i).padStart(3, '0')));
  const even = await doc.query({ TableName, IndexName: 'by-g', KeyConditionExpression: 'g = :g', ExpressionAttributeValues: { ':g': 'g0' } });
  assert.equal(even.Count, 50);
  const local = await doc.query({ TableName, IndexName: 'by-n', KeyConditionExpression: 'pk = :p AND n < :n', ConsistentRead: true,
    ExpressionAttributeValues: { ':p': 'batch', ':n': 4 } });
  assert.deepEqual(local.Items, [{ pk: 'batch', sk: '099', n: 1, extra: 99 }, { pk: 'batch', sk: '098', n: 2, extra: 98 },
    { pk: 'batch', sk: '097', n: 3, extra: 97 }]);
  const found = new Set();
  for (let Segment = 0; Segment < 3; Segment++) {
    for await (const page of paginateScan({ client: doc, pageSize: 20 }, { TableName, Segment, TotalSegments: 3,
      FilterExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'batch' } })) {
      for (const item of page.Items) {
        assert.ok(!found.has(item.sk));
        found.add(item.sk);
      }
    }
  }
  assert.equal(found.size, 100);
  const count = await doc.scan({ TableName, IndexName: 'keys', Select: 'COUNT' });
  assert.equal(count.Count, 100);
});

test('legacy parameters', async () => {
  const Key = { pk: { S: 'legacy' }, sk: { S: '1' } };
  await db.putItem({ TableName, Item: { ...Key, a: { N: '1' } }, Expected: { pk: { Exists: false } } });
  await db.updateItem({ TableName, Key, AttributeUpdates: { a: { Action: 'ADD', Value: { N: '4' } } }, ConditionalOperator: 'OR',
    Expected: { a: { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '9' }] }, pk: { Value: { S: 'legacy' } } } });
  assert.deepEqual((await db.getItem({ TableName, Key, AttributesToGet: ['a'] })).Item, { a: { N: '5' } });
  const { Items } = await db.query({ TableName, KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'legacy' }] } },
    QueryFilter: { a: { ComparisonOperator: 'GT', AttributeValueList: [{ N: '4' }] } } });
  assert.equal(Items.length, 1);
  assert.equal((await db.scan({ TableName, ScanFilter: { a: { ComparisonOperator: 'NULL' }, pk: { ComparisonOperator: 'EQ',
    AttributeValueList: [{ S: 'legacy' }] } } })).Count, 0);
});

test('errors keep their names', async () => {
  await rejects(db.getItem({ TableName: 'no-such-table', Key: { pk: { S: 'a' } } }), 'ResourceNotFoundException', /^Requested resource not found$/);
  await rejects(db.getItem({ TableName, Key: { pk: { S: 'a' } } }), 'ValidationException', /^The provided key element does not match the schema$/);
  await rejects(db.putItem({ TableName, Item: { pk: { S: 'a' }, sk: { S: 'b' }, x: { N: 'nope' } } }), 'ValidationException', /numeric/);
  await rejects(db.query({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':q': { S: 'a' } } }), 'ValidationException');
  await rejects(db.batchGetItem({ RequestItems: { [TableName]: { Keys: [] } } }), 'ValidationException');
});

test('large items come compressed or not, and whole', async () => {
  const Item = { pk: 'large', sk: '1', text: 'lorem ipsum '.repeat(30000) };
  await doc.put({ TableName, Item });
  assert.deepEqual((await doc.get({ TableName, Key: { pk: 'large', sk: '1' } })).Item, Item);
});

test('many at once', async () => {
  await Promise.all(Array.from({ length: 200 }, (_, i) => doc.update({ TableName, Key: { pk: 'many', sk: '1' }, UpdateExpression: 'ADD c :one',
    ExpressionAttributeValues: { ':one': 1 } })));
  assert.equal((await doc.get({ TableName, Key: { pk: 'many', sk: '1' }, ConsistentRead: true })).Item.c, 200);
});
