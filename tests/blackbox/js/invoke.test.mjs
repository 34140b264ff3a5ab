// Functions that run, through the SDK for JavaScript: invocations of each type, versions and aliases, what is changed.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Lambda, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { endpoint, rejects, until, withFunction, zip } from './support.mjs';

const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
const lambda = new Lambda(options);
const cloudwatch = new CloudWatch(options);

const code = (version) => zip('index.mjs', `export const handler = async (event, context) => {
  if (event.fail) throw new TypeError('as told');
  console.log('seen', event.n);
  return { version: ${version}, n: event.n, mine: process.env.MINE ?? null, function: context.invokedFunctionArn.split(':').slice(6).join(':') };
};
`);
const request = () => ({ Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: code(1) } });
const text = (bytes) => Buffer.from(bytes ?? []).toString();

async function invoke(FunctionName, event, more = {}) {
  const answer = await lambda.invoke({ FunctionName, Payload: JSON.stringify(event), ...more });
  return { ...answer, payload: answer.Payload?.length ? JSON.parse(text(answer.Payload)) : undefined };
}

test('invocations of each type', () => withFunction(lambda, request(), async (name) => {
  const done = await invoke(name, { n: 7 }, { LogType: 'Tail' });
  assert.equal(done.StatusCode, 200);
  assert.equal(done.ExecutedVersion, '$LATEST');
  assert.equal(done.FunctionError, undefined);
  assert.deepEqual(done.payload, { version: 1, n: 7, mine: null, function: name });
  const log = Buffer.from(done.LogResult, 'base64').toString();
  assert.match(log, /^START RequestId: (\S+) Version: \$LATEST\n[^]*\t\1\tINFO\tseen 7\nEND RequestId: \1\nREPORT RequestId: \1\t/);
  const failed = await invoke(name, { fail: true });
  assert.equal(failed.FunctionError, 'Unhandled');
  assert.equal(failed.payload.errorType, 'TypeError');
  assert.equal(failed.payload.errorMessage, 'as told');
  assert.equal((await invoke(name, {}, { InvocationType: 'DryRun' })).StatusCode, 204);
  const queued = await invoke(name, { n: 8 }, { InvocationType: 'Event' });
  assert.equal(queued.StatusCode, 202);
  const Dimensions = [{ Name: 'FunctionName', Value: name }];
  await until('three invocations', async () => {
    const EndTime = new Date(Date.now() + 120_000);
    const { Datapoints } = await cloudwatch.getMetricStatistics({ Namespace: 'AWS/Lambda', MetricName: 'Invocations', Dimensions,
      StartTime: new Date(EndTime - 3600_000), EndTime, Period: 3600, Statistics: ['Sum'] });
    return Datapoints.reduce((sum, point) => sum + point.Sum, 0) === 3;
  });
  await rejects(lambda.invoke({ FunctionName: name, Payload: '{"n": ' }), 'InvalidRequestContentException', /^Could not parse request body into json: /);
  await rejects(lambda.invoke({ FunctionName: `${name}-none` }), 'ResourceNotFoundException', /:\$LATEST$/);
}));

test('versions keep their code, aliases choose one', () => withFunction(lambda, request(), async (name) => {
  const FunctionName = name;
  assert.equal((await lambda.publishVersion({ FunctionName })).Version, '1');
  const alias = await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' });
  assert.match(alias.AliasArn, /:live$/);
  await lambda.updateFunctionCode({ FunctionName, ZipFile: code(2), Publish: true });
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
  const versionOf = async (Qualifier) => (await invoke(name, {}, { Qualifier })).payload.version;
  assert.deepEqual([await versionOf('live'), await versionOf('1'), await versionOf('2'), await versionOf(undefined)], [1, 1, 2, 2]);
  await lambda.updateAlias({ FunctionName, Name: 'live', FunctionVersion: '2' });
  const through = await invoke(`${name}:live`, {});
  assert.equal(through.ExecutedVersion, '2');
  assert.equal(through.payload.function, `${name}:live`);
  const { Versions } = await lambda.listVersionsByFunction({ FunctionName });
  assert.deepEqual(Versions.map((version) => version.Version), ['$LATEST', '1', '2']);
  assert.deepEqual((await lambda.listAliases({ FunctionName })).Aliases.map((one) => one.Name), ['live']);
  await lambda.deleteAlias({ FunctionName, Name: 'live' });
  await rejects(lambda.getAlias({ FunctionName, Name: 'live' }), 'ResourceNotFoundException');
}));

test('settings hold for the next invocation', () => withFunction(lambda, request(), async (name) => {
  const FunctionName = name;
  await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables: { MINE: 'ä' } }, MemorySize: 256 });
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
  assert.equal((await invoke(name, {})).payload.mine, 'ä');
  await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
  await assert.rejects(lambda.invoke({ FunctionName }), (error) => {
    assert.equal(error.name, 'TooManyRequestsException');
    assert.equal(error.Reason, 'ReservedFunctionConcurrentInvocationLimitExceeded');
    assert.equal(error.$metadata.httpStatusCode, 429);
    return true;
  });
  await lambda.deleteFunctionConcurrency({ FunctionName });
  assert.equal((await invoke(name, {})).StatusCode, 200);
  const config = await lambda.putFunctionEventInvokeConfig({ FunctionName, MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  assert.equal(config.MaximumRetryAttempts, 0);
  assert.equal((await lambda.getFunctionEventInvokeConfig({ FunctionName })).MaximumEventAgeInSeconds, 60);
}));
