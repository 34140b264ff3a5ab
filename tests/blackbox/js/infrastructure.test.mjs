// What tools ask beside the tables, through a client that knows every operation there is.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { db, rejects, withTable } from './support.mjs';

const OTHER_ENDPOINT = 'SearchVectorsCommand';

test('no operation of the model is unknown', async () => {
  const commands = Object.keys(dynamodb).filter((name) => name.endsWith('Command') && name !== '$Command');
  assert.ok(commands.length >= 62, `${commands}`);
  const unknown = [];
  for (const command of commands) {
    // A request that is wrong in its shape at least; the name is looked at before.
    await db.send(new dynamodb[command]({})).catch((error) => {
      if (error.name === 'UnknownOperationException') unknown.push(command);
    });
  }
  assert.deepEqual(unknown, [OTHER_ENDPOINT]);
});

const policyFor = (arn) => JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'dynamodb:Query', Resource: arn }],
});

test('resource policies', () => withTable({}, async (TableName) => {
  const { TableArn: ResourceArn } = (await db.describeTable({ TableName })).Table;
  const Policy = policyFor(ResourceArn);
  await rejects(db.getResourcePolicy({ ResourceArn }), 'PolicyNotFoundException', /not found/);
  const { RevisionId } = await db.putResourcePolicy({ ResourceArn, Policy, ExpectedRevisionId: 'NO_POLICY' });
  const got = await db.getResourcePolicy({ ResourceArn });
  assert.deepEqual([got.Policy, got.RevisionId], [Policy, RevisionId]);
  await rejects(db.deleteResourcePolicy({ ResourceArn, ExpectedRevisionId: 'other' }), 'PolicyNotFoundException');
  assert.equal((await db.deleteResourcePolicy({ ResourceArn, ExpectedRevisionId: RevisionId })).RevisionId, RevisionId);
  assert.equal((await db.deleteResourcePolicy({ ResourceArn })).RevisionId, undefined);
}));

test('what is not there is empty, disabled, or says so', () => withTable({}, async (TableName) => {
  assert.deepEqual((await db.listBackups({ TableName })).BackupSummaries, []);
  assert.deepEqual((await db.listBulkOperations({})).BulkOperationsSummaryList, []);
  const { ContinuousBackupsDescription: backups } = await db.describeContinuousBackups({ TableName });
  assert.equal(backups.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus, 'DISABLED');
  assert.equal((await db.describeContributorInsights({ TableName })).ContributorInsightsStatus, 'DISABLED');
  assert.deepEqual((await db.describeKinesisStreamingDestination({ TableName })).KinesisDataStreamDestinations, []);
  const enable = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 };
  const updated = db.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification: enable });
  await rejects(updated, 'ContinuousBackupsUnavailableException');
  await rejects(db.describeGlobalTable({ GlobalTableName: TableName }), 'GlobalTableNotFoundException');
}));
