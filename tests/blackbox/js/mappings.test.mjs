// Event source mappings through the SDK for JavaScript: from a write to the function's log, and through every state.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { db, endpoint, rejects, uniqueName, withTable } from './support.mjs';

const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
const lambda = new Lambda(options);
const logs = new CloudWatchLogs(options);
const Role = 'arn:aws:iam::000000000000:role/lambda-role';

// Prints the kind and key of each record.
const ZipFile = zip('index.mjs', `export const handler = async (event) => {
  for (const record of event.Records) console.log('record', record.eventName, record.dynamodb.Keys.pk.S);
};
`);

function zip(name, text) {
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

async function until(what, condition) {
  for (let i = 0; i < 1500; i++) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`never: ${what}`);
}

const inState = (UUID, State) =>
  until(State, async () => {
    const mapping = await lambda.getEventSourceMapping({ UUID });
    return mapping.State === State && mapping;
  });

// What the function has been given, in the order in which it was.
async function given(FunctionName) {
  const logGroupName = `/aws/lambda/${FunctionName}`;
  const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: logGroupName });
  if (logGroups.length === 0) return [];
  const { events } = await logs.filterLogEvents({ logGroupName, filterPattern: '"record"' });
  return events.map((event) => event.message.trim().split('record ')[1]);
}

async function withFunction(body) {
  const FunctionName = uniqueName('js-mapped');
  await lambda.createFunction({ FunctionName, Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile }, Timeout: 30 });
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
  try {
    await body(FunctionName);
  } finally {
    await lambda.deleteFunction({ FunctionName });
  }
}

const withStream = (body) =>
  withTable({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }, async (TableName) => {
    const { Table } = await db.describeTable({ TableName });
    await body(TableName, Table.LatestStreamArn);
  });

test('mappings bring records and go through their states', () =>
  withFunction((FunctionName) => withStream(async (TableName, EventSourceArn) => {
    const put = (pk) => db.putItem({ TableName, Item: { pk: { S: pk } } });
    await put('before');
    const made = await lambda.createEventSourceMapping({ FunctionName, EventSourceArn, StartingPosition: 'TRIM_HORIZON' });
    const { UUID } = made;
    assert.equal(made.State, 'Creating');
    assert.equal(made.BatchSize, 100);
    assert.equal(made.MaximumRetryAttempts, -1);
    assert.equal(made.LastProcessingResult, 'No records processed');
    assert.equal(made.EventSourceMappingArn, `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`);
    assert.ok(Math.abs(made.LastModified - Date.now()) < 60_000);
    await inState(UUID, 'Enabled');
    const listed = await lambda.listEventSourceMappings({ EventSourceArn, FunctionName });
    assert.deepEqual(listed.EventSourceMappings.map((mapping) => mapping.UUID), [UUID]);

    await put('a');
    await db.deleteItem({ TableName, Key: { pk: { S: 'a' } } });
    const first = ['INSERT before', 'INSERT a', 'REMOVE a'];
    await until('three records', async () => (await given(FunctionName)).length === 3);
    assert.deepEqual(await given(FunctionName), first);
    await until('OK', async () => (await lambda.getEventSourceMapping({ UUID })).LastProcessingResult === 'OK');

    const stopped = await lambda.updateEventSourceMapping({ UUID, Enabled: false, BatchSize: 7 });
    assert.equal(stopped.State, 'Disabling');
    assert.equal((await inState(UUID, 'Disabled')).BatchSize, 7);
    await put('b');
    const filtered = await lambda.updateEventSourceMapping({
      UUID, Enabled: true, FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { pk: { S: ['b', 'd'] } } } }) }] },
    });
    assert.equal(filtered.State, 'Enabling');
    await put('c');
    await put('d');
    await until('two more records', async () => (await given(FunctionName)).length === 5);
    assert.deepEqual(await given(FunctionName), [...first, 'INSERT b', 'INSERT d']);

    assert.equal((await lambda.deleteEventSourceMapping({ UUID })).State, 'Deleting');
    await until('gone', () => lambda.getEventSourceMapping({ UUID }).then(() => false, (error) => error.name === 'ResourceNotFoundException'));
    assert.deepEqual((await lambda.listEventSourceMappings({ FunctionName })).EventSourceMappings, []);
  })));

test('refused mappings say why', () =>
  withFunction((FunctionName) => withStream(async (TableName, EventSourceArn) => {
    const make = (more) => lambda.createEventSourceMapping({ FunctionName, EventSourceArn, StartingPosition: 'LATEST', ...more });
    await rejects(make({ FunctionName: 'no-such-function' }), 'InvalidParameterValueException', /^Function does not exist$/);
    await rejects(make({ EventSourceArn: `${EventSourceArn}0` }), 'InvalidParameterValueException', /^Stream not found: arn:/);
    await rejects(make({ StartingPosition: undefined }), 'InvalidParameterValueException', /Value null at 'startingPosition'/);
    await rejects(make({ StartingPosition: 'AT_TIMESTAMP' }), 'InvalidParameterValueException', /^Unsupported starting position for arn type: /);
    await rejects(make({ FilterCriteria: { Filters: [{ Pattern: '{"a": "b"}' }] } }), 'InvalidParameterValueException', /^Invalid filter pattern definition\.$/);
    const { UUID } = await make();
    await rejects(make(), 'ResourceConflictException', new RegExp(`Please update or delete the existing mapping with UUID ${UUID}$`));
    await lambda.deleteEventSourceMapping({ UUID });
    await rejects(lambda.getEventSourceMapping({ UUID: '00000000-0000-4000-8000-000000000000' }), 'ResourceNotFoundException',
      /^The resource you requested does not exist\.$/);
  })));
