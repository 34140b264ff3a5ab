// What the JavaScript tests share: clients, names, waiting. The endpoint comes from STATOR_ENDPOINT.
import assert from 'node:assert/strict';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';

export const endpoint = process.env.STATOR_ENDPOINT ?? 'http://localhost:8000';

const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
export const db = new DynamoDB(options);
export const doc = DynamoDBDocument.from(new DynamoDB(options), { marshallOptions: { removeUndefinedValues: true } });

let count = 0;
export const uniqueName = (prefix = 'js') => `${prefix}-${process.pid}-${count++}`;

export async function waitActive(TableName) {
  for (let i = 0; i < 1000; i++) {
    const { Table } = await db.describeTable({ TableName });
    const states = [Table.TableStatus, ...(Table.GlobalSecondaryIndexes ?? []).map((index) => index.IndexStatus)];
    if (states.every((state) => state === 'ACTIVE')) return Table;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${TableName} does not become ACTIVE`);
}

export const keySchema = (hash, range) => [
  ...[hash].flat().map((name) => ({ AttributeName: name, KeyType: 'HASH' })),
  ...[range ?? []].flat().map((name) => ({ AttributeName: name, KeyType: 'RANGE' })),
];

export const definitions = (types) =>
  Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));

export const index = (IndexName, hash, range, projection = { ProjectionType: 'ALL' }) =>
  ({ IndexName, KeySchema: keySchema(hash, range), Projection: projection });

// Creates a table, hands its name to `body`, deletes it.
export async function withTable(request, body) {
  const TableName = request.TableName ?? uniqueName();
  await db.createTable({ BillingMode: 'PAY_PER_REQUEST', KeySchema: keySchema('pk'), AttributeDefinitions: definitions({ pk: 'S' }), ...request, TableName });
  await waitActive(TableName);
  try {
    await body(TableName);
  } finally {
    await db.deleteTable({ TableName });
  }
}

export const rejects = (promise, name, message) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.name, name, error.message);
    if (message) assert.match(error.message, message);
    return true;
  });
