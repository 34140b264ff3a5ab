// Transactions through the SDK for JavaScript: the plain client and the document client.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { IdempotentParameterMismatchException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { db, definitions, doc, keySchema, uniqueName, waitActive } from './support.mjs';

const TableName = uniqueName('transactions');

before(async () => {
  await db.createTable({
    TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: keySchema('pk'), AttributeDefinitions: definitions({ pk: 'S' }),
  });
  await waitActive(TableName);
});
after(() => db.deleteTable({ TableName }));

test('write and read together', async () => {
  await doc.transactWrite({
    TransactItems: [
      { Put: { TableName, Item: { pk: 'a', n: 1 } } },
      { Update: { TableName, Key: { pk: 'b' }, UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': 2 } } },
      { ConditionCheck: { TableName, Key: { pk: 'absent' }, ConditionExpression: 'attribute_not_exists(pk)' } },
    ],
  });
  const { Responses } = await doc.transactGet({
    TransactItems: ['a', 'b', 'absent'].map((pk) => ({ Get: { TableName, Key: { pk } } })),
  });
  assert.deepEqual(Responses.map(({ Item }) => Item), [{ pk: 'a', n: 1 }, { pk: 'b', n: 2 }, undefined]);
});

test('reasons of a cancelled transaction', async () => {
  await doc.put({ TableName, Item: { pk: 'taken', n: 7 } });
  const error = await doc.transactWrite({
    TransactItems: [
      { Delete: { TableName, Key: { pk: 'a' } } },
      { Put: { TableName, Item: { pk: 'taken' }, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
    ],
  }).catch((caught) => caught);
  assert(error instanceof TransactionCanceledException);
  assert.equal(error.message, 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]');
  assert.deepEqual(error.CancellationReasons.map(({ Code }) => Code), ['None', 'ConditionalCheckFailed']);
  assert.deepEqual(error.CancellationReasons[1].Item, { pk: { S: 'taken' }, n: { N: '7' } });
});

test('a token stands for one request', async () => {
  const add = (n) => ({
    ClientRequestToken: uniqueName('token-once').slice(0, 36),
    TransactItems: [{ Update: { TableName, Key: { pk: { S: 'counter' } }, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: String(n) } } } }],
  });
  const first = add(1);
  await db.transactWriteItems(first);
  await db.transactWriteItems(first);
  assert.deepEqual((await db.getItem({ TableName, Key: { pk: { S: 'counter' } } })).Item.n, { N: '1' });
  await assert.rejects(db.transactWriteItems({ ...add(2), ClientRequestToken: first.ClientRequestToken }), IdempotentParameterMismatchException);
});
