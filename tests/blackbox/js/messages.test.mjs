// The single-table design of direct messages through the SDK for JavaScript: its three access patterns, and the table's end.
import assert from 'node:assert/strict';
import test from 'node:test';
import { db, definitions, doc, index, keySchema, rejects, uniqueName, waitActive } from './support.mjs';

const NORA = '11111111-1111-4111-8111-111111111111';
const TEO = '22222222-2222-4222-8222-222222222222';
const GROUPS = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'];

const at = (minute) => new Date(Date.UTC(2025, 11, 31, 23, 30 + minute)).toISOString();

async function seed(TableName) {
  const rows = [];
  GROUPS.forEach((group, g) => {
    for (let i = 0; i < 30; i++) {
      rows.push({ pk: `MSG#${group}`, sk: at(2 * i + g), message_uuid: `m${i}`, message: `message ${i}`, user_uuid: i % 2 ? NORA : TEO });
    }
    for (const [mine, other, handle] of [[NORA, TEO, 'teo'], [TEO, NORA, 'nora']]) {
      rows.push({ pk: `GRP#${mine}`, sk: at(58 + g), message_group_uuid: group, message: 'message 29',
        user_uuid: other, user_display_name: handle.toUpperCase(), user_handle: handle });
    }
  });
  for (let i = 0; i < rows.length; i += 25) {
    const { UnprocessedItems } = await doc.batchWrite({ RequestItems: { [TableName]: rows.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } })) } });
    assert.deepEqual(UnprocessedItems, {});
  }
}

test('messages of a group, groups of a user, rows of a group', async () => {
  const TableName = uniqueName('cruddur');
  await db.createTable({
    TableName, KeySchema: keySchema('pk', 'sk'), AttributeDefinitions: definitions({ pk: 'S', sk: 'S', message_group_uuid: 'S' }),
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    GlobalSecondaryIndexes: [{ ...index('message-group-sk-index', 'message_group_uuid', 'sk'),
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
  assert.equal((await waitActive(TableName)).StreamSpecification.StreamViewType, 'NEW_IMAGE');
  await rejects(db.createTable({ TableName, KeySchema: keySchema('pk'), AttributeDefinitions: definitions({ pk: 'S' }), BillingMode: 'PAY_PER_REQUEST' }),
    'ResourceInUseException', new RegExp(TableName));
  const { TableNames } = await db.listTables({ ExclusiveStartTableName: TableName.slice(0, -1), Limit: 1 });
  assert.deepEqual(TableNames, [TableName]);
  await seed(TableName);

  // Newest first, page by page, over the turn of the year.
  const messages = [];
  let ExclusiveStartKey;
  do {
    const page = await doc.query({ TableName, KeyConditionExpression: 'pk = :pk AND begins_with(sk, :year)', ScanIndexForward: false, Limit: 7,
      ExpressionAttributeValues: { ':pk': `MSG#${GROUPS[0]}`, ':year': '202' }, ExclusiveStartKey, ReturnConsumedCapacity: 'TOTAL' });
    assert.ok(page.Items.length <= 7);
    messages.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  assert.deepEqual(messages.map((row) => row.message), Array.from({ length: 30 }, (_, i) => `message ${29 - i}`));
  assert.equal(messages[0].sk.slice(0, 4), '2026');
  assert.equal(messages[29].sk.slice(0, 4), '2025');

  const groups = await doc.query({ TableName, KeyConditionExpression: 'pk = :pk', ScanIndexForward: false,
    ExpressionAttributeValues: { ':pk': `GRP#${NORA}` } });
  assert.deepEqual(groups.Items.map((row) => [row.message_group_uuid, row.user_uuid, row.user_handle]),
    [[GROUPS[1], TEO, 'teo'], [GROUPS[0], TEO, 'teo']]);

  const rows = await doc.query({ TableName, IndexName: 'message-group-sk-index', KeyConditionExpression: 'message_group_uuid = :group',
    ExpressionAttributeValues: { ':group': GROUPS[0] } });
  assert.deepEqual(rows.Items.map((row) => row.pk).sort(), [`GRP#${NORA}`, `GRP#${TEO}`]);

  await db.deleteTable({ TableName });
  await rejects(db.describeTable({ TableName }), 'ResourceNotFoundException');
});
