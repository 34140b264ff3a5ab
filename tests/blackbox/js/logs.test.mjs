// CloudWatch Logs and CloudWatch through the SDK for JavaScript, which asks the latter in JSON.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { endpoint, rejects, uniqueName } from './support.mjs';

const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
const logs = new CloudWatchLogs(options);
const cloudwatch = new CloudWatch(options);

test('log events are put, filtered and got', async () => {
  const logGroupName = uniqueName('/js/logs');
  await logs.createLogGroup({ logGroupName, tags: { a: 'b' } });
  await logs.createLogStream({ logGroupName, logStreamName: 's' });
  const timestamp = Date.now();
  await logs.putLogEvents({ logGroupName, logStreamName: 's', logEvents: [{ timestamp, message: 'one\n' }, { timestamp, message: 'two ü' }] });
  const { events } = await logs.filterLogEvents({ logGroupName, filterPattern: 'two' });
  assert.equal(events.length, 1);
  assert.equal(events[0].message, 'two ü');
  assert.equal(events[0].timestamp, timestamp);
  assert.match(events[0].eventId, /^\d{56}$/);
  const page = await logs.getLogEvents({ logGroupName, logStreamName: 's', startFromHead: true });
  assert.deepEqual(page.events.map((event) => event.message), ['one\n', 'two ü']);
  const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: logGroupName });
  assert.equal(logGroups[0].logGroupClass, 'STANDARD');
  assert.ok(!logGroups[0].logGroupArn.endsWith(':*'));
  await logs.deleteLogGroup({ logGroupName });
  await rejects(logs.filterLogEvents({ logGroupName }), 'ResourceNotFoundException', /^The specified log group does not exist\.$/);
});

test('figures are asked for in JSON', async () => {
  const EndTime = new Date();
  const StartTime = new Date(EndTime - 3600_000);
  const MetricStat = { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: 'none' }] }, Period: 60, Stat: 'Sum' };
  const { MetricDataResults } = await cloudwatch.getMetricData({ StartTime, EndTime, MetricDataQueries: [{ Id: 'a', MetricStat }] });
  assert.equal(MetricDataResults[0].Label, 'Errors');
  assert.deepEqual(MetricDataResults[0].Values, []);
  await assert.rejects(cloudwatch.getMetricData({ StartTime: EndTime, EndTime: StartTime, MetricDataQueries: [] }),
    (error) => /InvalidParameterCombination/.test(error.name) && /must be less than/.test(error.message));
});
