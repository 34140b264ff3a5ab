// The control plane of Lambda through the SDK for JavaScript.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Lambda, waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { endpoint, uniqueName } from './support.mjs';

const lambda = new Lambda({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 });
const Role = 'arn:aws:iam::000000000000:role/lambda-role';

// A zip with one stored file: app.py, "x".
const ZipFile = Buffer.from(
  'UEsDBBQAAAAAAAAAIQCDFtyMAQAAAAEAAAAGAAAAYXBwLnB5eFBLAQIUAxQAAAAAAAAAIQCDFtyMAQAAAAEAAAAGAAAAAAAAAAAAAACkgQAAAABhcHAucHlQSwUGAAAAAAEAAQA0AAAAJQAAAAAA',
  'base64');

test('functions live, change and go', async () => {
  const FunctionName = uniqueName('js-fn');
  const made = await lambda.createFunction({ FunctionName, Role, Runtime: 'nodejs20.x', Handler: 'app.handler', Code: { ZipFile } });
  assert.equal(made.State, 'Pending');
  assert.match(made.RuntimeVersionConfig.RuntimeVersionArn, /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/);
  assert.deepEqual(made.LoggingConfig, { LogFormat: 'Text', LogGroup: `/aws/lambda/${FunctionName}` });
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 5 }, { FunctionName });
  const changed = await lambda.updateFunctionConfiguration({ FunctionName: made.FunctionArn, LoggingConfig: { LogFormat: 'JSON', LogGroup: 'mine' } });
  assert.deepEqual(changed.LoggingConfig, { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO', LogGroup: 'mine' });
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 5 }, { FunctionName });
  assert.ok((await lambda.listFunctions({})).Functions.some((f) => f.FunctionName === FunctionName));
  assert.deepEqual(await lambda.putFunctionRecursionConfig({ FunctionName, RecursiveLoop: 'Allow' }).then((a) => a.RecursiveLoop), 'Allow');
  await lambda.tagResource({ Resource: made.FunctionArn, Tags: { a: '1' } });
  assert.deepEqual((await lambda.listTags({ Resource: made.FunctionArn })).Tags, { a: '1' });
  await lambda.deleteFunction({ FunctionName });
  await assert.rejects(lambda.getFunction({ FunctionName }), (error) => {
    assert.equal(error.name, 'ResourceNotFoundException');
    assert.equal(error.$metadata.httpStatusCode, 404);
    assert.match(error.message, /^Function not found: arn:aws:lambda:us-east-1:000000000000:function:/);
    return true;
  });
});
