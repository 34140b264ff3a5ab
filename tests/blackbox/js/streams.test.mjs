// DynamoDB Streams through the SDK's own client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams';
import { db, endpoint, rejects, withTable } from './support.mjs';

const streams = new DynamoDBStreams({
  endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1,
});

const withStream = (StreamViewType, body) =>
  withTable({ StreamSpecification: { StreamEnabled: true, StreamViewType } }, async (TableName) => {
    const { Table } = await db.describeTable({ TableName });
    await body(TableName, Table.LatestStreamArn);
  });

async function read(StreamArn, kind = 'TRIM_HORIZON') {
  const { StreamDescription } = await streams.describeStream({ StreamArn });
  const [{ ShardId }] = StreamDescription.Shards;
  const { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: kind });
  return streams.getRecords({ ShardIterator });
}

test('a write becomes a record', () =>
  withStream('NEW_AND_OLD_IMAGES', async (TableName, arn) => {
    await db.putItem({ TableName, Item: { pk: { S: 'a' }, b: { B: new Uint8Array([0, 255]) } } });
    await db.deleteItem({ TableName, Key: { pk: { S: 'a' } } });
    const { Records, NextShardIterator } = await read(arn);
    assert.deepEqual(Records.map((record) => record.eventName), ['INSERT', 'REMOVE']);
    assert.deepEqual(Records[0].dynamodb.NewImage.b.B, new Uint8Array([0, 255]));
    assert.deepEqual(Records[1].dynamodb.OldImage, Records[0].dynamodb.NewImage);
    assert.ok(Math.abs(Records[0].dynamodb.ApproximateCreationDateTime - Date.now()) < 60_000);
    assert.ok(BigInt(Records[0].dynamodb.SequenceNumber) < BigInt(Records[1].dynamodb.SequenceNumber));
    assert.deepEqual((await streams.getRecords({ ShardIterator: NextShardIterator })).Records, []);
  }));

test('streams are listed by table', () =>
  withStream('KEYS_ONLY', async (TableName, arn) => {
    const { Streams } = await streams.listStreams({ TableName });
    assert.deepEqual(Streams.map((stream) => stream.StreamArn), [arn]);
  }));

test('errors of streams have their names', () =>
  withStream('KEYS_ONLY', async (TableName, arn) => {
    await rejects(streams.describeStream({ StreamArn: arn + '0' }), 'ResourceNotFoundException', /Stream/);
    await rejects(streams.getRecords({ ShardIterator: 'garbage' }), 'ValidationException', /Invalid ShardIterator/);
  }));
