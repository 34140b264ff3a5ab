// The table operations through the SDK for JavaScript, newer members included.
import assert from 'node:assert/strict';
import test from 'node:test';
import { waitUntilTableExists, waitUntilTableNotExists, paginateListTables } from '@aws-sdk/client-dynamodb';
import { db, definitions, index, keySchema, rejects, uniqueName, waitActive, withTable } from './support.mjs';

test('create, wait, describe, list, delete, wait', async () => {
  const TableName = uniqueName();
  const { TableDescription } = await db.createTable({
    TableName, KeySchema: keySchema('pk', 'sk'), AttributeDefinitions: definitions({ pk: 'S', sk: 'N' }),
    BillingMode: 'PAY_PER_REQUEST', TableClass: 'STANDARD', Tags: [{ Key: 'a', Value: 'b' }],
  });
  assert.equal(TableDescription.TableStatus, 'CREATING');
  await waitUntilTableExists({ client: db, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
  const { Table } = await db.describeTable({ TableName });
  assert.equal(Table.TableStatus, 'ACTIVE');
  assert.ok(Table.CreationDateTime instanceof Date);
  assert.deepEqual(Table.KeySchema, keySchema('pk', 'sk'));
  const names = [];
  for await (const page of paginateListTables({ client: db, pageSize: 2 }, {})) names.push(...page.TableNames);
  assert.ok(names.includes(TableName));
  const { Tags } = await db.listTagsOfResource({ ResourceArn: Table.TableArn });
  assert.deepEqual(Tags, [{ Key: 'a', Value: 'b' }]);
  await db.deleteTable({ TableName });
  await waitUntilTableNotExists({ client: db, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
  await rejects(db.describeTable({ TableName }), 'ResourceNotFoundException', /not found/);
});

test('tags', () => withTable({}, async (TableName) => {
  const { TableArn: ResourceArn } = (await db.describeTable({ TableName })).Table;
  await db.tagResource({ ResourceArn, Tags: [{ Key: 'x', Value: '1' }, { Key: 'y', Value: '2' }] });
  await db.untagResource({ ResourceArn, TagKeys: ['x'] });
  assert.deepEqual((await db.listTagsOfResource({ ResourceArn })).Tags, [{ Key: 'y', Value: '2' }]);
}));

test('warm and on-demand throughput', () => withTable({
  OnDemandThroughput: { MaxReadRequestUnits: 100, MaxWriteRequestUnits: 50 },
  WarmThroughput: { ReadUnitsPerSecond: 13000, WriteUnitsPerSecond: 5000 },
  AttributeDefinitions: definitions({ pk: 'S', g: 'S' }),
  GlobalSecondaryIndexes: [{ ...index('by-g', 'g'), OnDemandThroughput: { MaxReadRequestUnits: 7 } }],
}, async (TableName) => {
  let { Table } = await db.describeTable({ TableName });
  assert.deepEqual(Table.OnDemandThroughput, { MaxReadRequestUnits: 100, MaxWriteRequestUnits: 50 });
  assert.equal(Table.WarmThroughput.ReadUnitsPerSecond, 13000);
  assert.equal(Table.WarmThroughput.Status, 'ACTIVE');
  assert.equal(Table.GlobalSecondaryIndexes[0].OnDemandThroughput.MaxReadRequestUnits, 7);
  await db.updateTable({ TableName, WarmThroughput: { ReadUnitsPerSecond: 20000, WriteUnitsPerSecond: 8000 } });
  Table = await waitActive(TableName);
  assert.equal(Table.WarmThroughput.WriteUnitsPerSecond, 8000);
  await db.updateTable({ TableName, OnDemandThroughput: { MaxWriteRequestUnits: 60 } });
  assert.equal((await waitActive(TableName)).OnDemandThroughput.MaxWriteRequestUnits, 60);
}));

test('billing modes, deletion protection, class', () => withTable({
  BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 }, DeletionProtectionEnabled: true,
}, async (TableName) => {
  await rejects(db.deleteTable({ TableName }), 'ValidationException', /protected against deletion/);
  await db.updateTable({ TableName, DeletionProtectionEnabled: false });
  await db.updateTable({ TableName, BillingMode: 'PAY_PER_REQUEST' });
  await db.updateTable({ TableName, TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  const table = await waitActive(TableName);
  assert.equal(table.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
  assert.equal(table.TableClassSummary.TableClass, 'STANDARD_INFREQUENT_ACCESS');
  assert.equal(table.DeletionProtectionEnabled, false);
}));

test('an index with four and four attributes is made on a filled table', () => withTable({}, async (TableName) => {
  const hash = ['h1', 'h2', 'h3', 'h4'], range = ['r1', 'r2', 'r3', 'r4'];
  const part = (i) => Object.fromEntries([...hash.map((k) => [k, { S: k }]), ...range.map((k, j) => [k, { N: String(j === 3 ? i : 1) }])]);
  for (let i = 0; i < 12; i++) await db.putItem({ TableName, Item: { pk: { S: `${i}` }, ...part(11 - i) } });
  await db.updateTable({
    TableName,
    AttributeDefinitions: definitions({ pk: 'S', ...Object.fromEntries([...hash.map((k) => [k, 'S']), ...range.map((k) => [k, 'N'])]) }),
    GlobalSecondaryIndexUpdates: [{ Create: index('wide', hash, range) }],
  });
  await waitActive(TableName);
  const { Items } = await db.query({
    TableName, IndexName: 'wide',
    KeyConditionExpression: [...hash, 'r1', 'r2', 'r3'].map((k) => `${k} = :${k}`).join(' AND ') + ' AND r4 > :r4',
    ExpressionAttributeValues: { ...Object.fromEntries(hash.map((k) => [`:${k}`, { S: k }])),
      ...Object.fromEntries(['r1', 'r2', 'r3'].map((k) => [`:${k}`, { N: '1' }])), ':r4': { N: '8' } },
  });
  assert.deepEqual(Items.map((item) => item.r4.N), ['9', '10', '11']);
  await db.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'wide' } }] });
  assert.equal((await waitActive(TableName)).GlobalSecondaryIndexes, undefined);
}));

test('limits and endpoints', async () => {
  assert.ok((await db.describeLimits({})).TableMaxReadCapacityUnits > 0);
  assert.equal((await db.describeEndpoints({})).Endpoints.length, 1);
});

test('refused tables', async () => {
  await rejects(db.createTable({ TableName: 'a', KeySchema: keySchema('pk'), AttributeDefinitions: definitions({ pk: 'S' }), BillingMode: 'PAY_PER_REQUEST' }),
    'ValidationException', /at least 3 characters|greater than or equal to 3/);
  await rejects(db.deleteTable({ TableName: 'no-such-table' }), 'ResourceNotFoundException');
});
