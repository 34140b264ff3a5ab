// PartiQL through the SDK for JavaScript: the plain client and the document client.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import {
  ConditionalCheckFailedException, DuplicateItemException, TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand, ExecuteStatementCommand, ExecuteTransactionCommand,
} from '@aws-sdk/lib-dynamodb';
import { db, definitions, doc, keySchema, uniqueName, waitActive } from './support.mjs';

const TableName = uniqueName('statements');

before(async () => {
  await db.createTable({
    TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: keySchema('pk', 'sk'), AttributeDefinitions: definitions({ pk: 'S', sk: 'N' }),
  });
  await waitActive(TableName);
});
after(() => db.deleteTable({ TableName }));

const run = (Statement, ...Parameters) => doc.send(new ExecuteStatementCommand({ Statement, ...(Parameters.length && { Parameters }) }));

test('insert, select, update, delete', async () => {
  await run(`INSERT INTO "${TableName}" VALUE {'pk': ?, 'sk': ?, 'tags': ?, 'deep': {'list': [1, 'two']}}`, 'a', 1, new Set(['x', 'y']));
  const { Items } = await run(`SELECT * FROM "${TableName}" WHERE pk = ? AND sk = ?`, 'a', 1);
  assert.deepEqual(Items, [{ pk: 'a', sk: 1, tags: new Set(['x', 'y']), deep: { list: [1, 'two'] } }]);
  const { Items: [changed] } = await run(`UPDATE "${TableName}" SET n = ? REMOVE deep WHERE pk = 'a' AND sk = 1 RETURNING ALL NEW *`, 5);
  assert.deepEqual(changed, { pk: 'a', sk: 1, tags: new Set(['x', 'y']), n: 5 });
  await run(`DELETE FROM "${TableName}" WHERE pk = 'a' AND sk = 1`);
  assert.deepEqual((await run(`SELECT * FROM "${TableName}" WHERE pk = 'a'`)).Items, []);
});

test('errors have their classes', async () => {
  await run(`INSERT INTO "${TableName}" VALUE {'pk': 'e', 'sk': 1}`);
  await assert.rejects(run(`INSERT INTO "${TableName}" VALUE {'pk': 'e', 'sk': 1}`), DuplicateItemException);
  const error = await db.executeStatement({
    Statement: `UPDATE "${TableName}" SET n = 1 WHERE pk = 'e' AND sk = 1 AND n = 2`, ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }).catch((caught) => caught);
  assert(error instanceof ConditionalCheckFailedException);
  assert.deepEqual(error.Item, { pk: { S: 'e' }, sk: { N: '1' } });
});

test('pages', async () => {
  for (let sk = 0; sk < 7; sk += 1) await run(`INSERT INTO "${TableName}" VALUE {'pk': 'p', 'sk': ${sk}}`);
  const found = [];
  let NextToken;
  do {
    const page = await db.executeStatement({ Statement: `SELECT sk FROM "${TableName}" WHERE pk = 'p' ORDER BY sk DESC`, Limit: 3, NextToken });
    found.push(page.Items.map(({ sk }) => Number(sk.N)));
    ({ NextToken } = page);
  } while (NextToken);
  assert.deepEqual(found, [[6, 5, 4], [3, 2, 1], [0]]);
});

test('batches and transactions', async () => {
  const statements = ['x', 'y'].map((pk) => ({ Statement: `INSERT INTO "${TableName}" VALUE {'pk': ?, 'sk': 1}`, Parameters: [pk] }));
  const { Responses: written } = await doc.send(new BatchExecuteStatementCommand({ Statements: statements }));
  assert.deepEqual(written, [{ TableName }, { TableName }]);
  const { Responses: again } = await doc.send(new BatchExecuteStatementCommand({ Statements: [statements[0]] }));
  assert.deepEqual(again, [{ Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' }, TableName }]);
  const error = await doc.send(new ExecuteTransactionCommand({
    TransactStatements: [{ Statement: `DELETE FROM "${TableName}" WHERE pk = 'x' AND sk = 1` }, statements[1]],
  })).catch((caught) => caught);
  assert(error instanceof TransactionCanceledException);
  assert.deepEqual(error.CancellationReasons.map(({ Code }) => Code), ['None', 'DuplicateItem']);
  const { Responses } = await doc.send(new ExecuteTransactionCommand({
    TransactStatements: ['x', 'z'].map((pk) => ({ Statement: `SELECT pk FROM "${TableName}" WHERE pk = ? AND sk = 1`, Parameters: [pk] })),
  }));
  assert.deepEqual(Responses, [{ Item: { pk: 'x' } }, {}]);
});
