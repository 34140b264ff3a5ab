// Event source mappings through the SDK for JavaScript: from a write to the function's log, and through every state.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Lambda } from '@aws-sdk/client-lambda';
import { db, endpoint, rejects, until, withFunction as withCode, withTable, zip } from './support.mjs';

const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
const lambda = new Lambda(options);
const logs = new CloudWatchLogs(options);

// Prints the kind and key of each record.
const ZipFile = zip('index.mjs', `export const handler = async (event) => {
  for (const record of event.Records) console.log('record', record.eventName, record.dynamodb.Keys.pk.S);
};
`);

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

const withFunction = (body) => withCode(lambda, { Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile } }, body);

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
