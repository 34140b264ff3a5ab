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

export async function until(what, condition) {
  for (let i = 0; i < 1500; i++) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`never: ${what}`);
}

// An archive with one file, stored as it is.
export function zip(name, text) {
  const content = Buffer.from(text);
  const facts = Buffer.alloc(26); // from "version needed" to the lengths, the same in both headers
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(0x21, 8);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, Buffer.from(name), content]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(0o100644 * 0x10000, 6);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), facts, rest, Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

// Creates a function, hands its name to `body` when it is active, deletes it.
export async function withFunction(lambda, request, body) {
  const FunctionName = uniqueName('js-fn');
  await lambda.createFunction({ FunctionName, Role: 'arn:aws:iam::000000000000:role/lambda-role', Timeout: 30, ...request });
  await until('Active', async () => (await lambda.getFunctionConfiguration({ FunctionName })).State === 'Active');
  try {
    await body(FunctionName);
  } finally {
    await lambda.deleteFunction({ FunctionName });
  }
}
