// Tokens and what is served to check them, by jose; and the SDK for JavaScript v3 where no browser library goes.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { errors } from 'jose';
import { endpoint, idp, issuerOf, makePool, makeUser, password, rejects, verify, verifyId } from './support.mjs';

const signIn = async ({ UserPoolId, ClientId }, name, more = {}) => {
  const AuthParameters = { USERNAME: name, PASSWORD: password, ...more };
  return (await idp.adminInitiateAuth({ UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters })).AuthenticationResult;
};

test('keys and configuration are served', async (t) => {
  const pool = await makePool(t);
  const answer = await fetch(`${endpoint}/${pool.UserPoolId}/.well-known/jwks.json`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  const { keys } = await answer.json();
  assert.equal(keys.length, 2);
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
    assert.deepEqual([key.alg, key.e, key.kty, key.use], ['RS256', 'AQAB', 'RSA', 'sig']);
    assert.equal(Buffer.from(key.n, 'base64url').length, 256);
  }
  const configuration = await (await fetch(`${endpoint}/${pool.UserPoolId}/.well-known/openid-configuration`)).json();
  assert.equal(configuration.issuer, issuerOf(pool));
  assert.match(configuration.jwks_uri, /\/\.well-known\/jwks\.json$/);
  assert.deepEqual(configuration.id_token_signing_alg_values_supported, ['RS256']);
  assert.ok((await fetch(`${endpoint}/us-east-1_nosuchpool/.well-known/jwks.json`)).status >= 400);
});

test('claims are those of the service', async (t) => {
  const pool = await makePool(t, { Schema: [{ Name: 'team', AttributeDataType: 'String', Mutable: true }] });
  const sub = await makeUser(pool, 'nora', { name: 'Nora', 'custom:team': 'red' });
  await idp.createGroup({ UserPoolId: pool.UserPoolId, GroupName: 'editors' });
  await idp.adminAddUserToGroup({ UserPoolId: pool.UserPoolId, Username: 'nora', GroupName: 'editors' });
  const tokens = await signIn(pool, 'nora');
  assert.deepEqual([tokens.ExpiresIn, tokens.TokenType, tokens.NewDeviceMetadata], [3600, 'Bearer', undefined]);
  const id = await verifyId(pool, tokens.IdToken);
  const access = await verify(pool, tokens.AccessToken);
  const common = ['auth_time', 'cognito:groups', 'event_id', 'exp', 'iat', 'iss', 'jti', 'origin_jti', 'sub', 'token_use'];
  assert.deepEqual(Object.keys(access).sort(), [...common, 'client_id', 'scope', 'username'].sort());
  assert.deepEqual(Object.keys(id).sort(), [...common, 'aud', 'cognito:username', 'custom:team', 'email', 'email_verified', 'name'].sort());
  assert.equal(access.scope, 'aws.cognito.signin.user.admin');
  assert.equal(access.exp - access.iat, 3600);
  assert.deepEqual(id['cognito:groups'], ['editors']);
  assert.equal(id.sub, sub);
  assert.equal(id.origin_jti, access.origin_jti);
  assert.equal(id['custom:team'], 'red');
});

test('tampered and foreign tokens are refused', async (t) => {
  const [pool, other] = [await makePool(t), await makePool(t)];
  await makeUser(pool, 'nora');
  const { AccessToken, IdToken } = await signIn(pool, 'nora');
  await assert.rejects(verify(other, AccessToken), errors.JWKSNoMatchingKey);
  const [head, body, signature] = AccessToken.split('.');
  const claims = { ...JSON.parse(Buffer.from(body, 'base64url')), username: 'malik' };
  const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  for (const bad of [`${head}.${forged}.${signature}`, `${none}.${forged}.`, `${none}.${body}.`, IdToken, 'a.b.c', `${head}.${body}.${'A'.repeat(342)}`]) {
    await rejects(idp.getUser({ AccessToken: bad }), 'NotAuthorizedException', /^Invalid Access Token$/);
  }
  await idp.getUser({ AccessToken });
});

test('a secret client proves that it knows its secret', async (t) => {
  const pool = await makePool(t, {}, { GenerateSecret: true });
  await makeUser(pool, 'nora');
  const hash = (name) => createHmac('sha256', pool.secret).update(name + pool.ClientId).digest('base64');
  const tokens = await signIn(pool, 'nora', { SECRET_HASH: hash('nora') });
  await verifyId(pool, tokens.IdToken);
  await rejects(signIn(pool, 'nora', { SECRET_HASH: hash('malik') }), 'NotAuthorizedException', new RegExp(`^Unable to verify secret hash for client ${pool.ClientId}$`));
  await rejects(signIn(pool, 'nora'), 'NotAuthorizedException', new RegExp(`^Client ${pool.ClientId} is configured with secret but SECRET_HASH was not received$`));
  const { AuthenticationResult } = await idp.getTokensFromRefreshToken({ RefreshToken: tokens.RefreshToken, ClientId: pool.ClientId, ClientSecret: pool.secret });
  await verifyId(pool, AuthenticationResult.IdToken);
});

test('tokens live as long as the client says', async (t) => {
  const pool = await makePool(t, {}, {
    AccessTokenValidity: 10, IdTokenValidity: 2, RefreshTokenValidity: 1, TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours', RefreshToken: 'days' },
  });
  await makeUser(pool, 'nora');
  const { AccessToken, IdToken, ExpiresIn } = await signIn(pool, 'nora');
  assert.equal(ExpiresIn, 600);
  const [access, id] = [await verify(pool, AccessToken), await verifyId(pool, IdToken)];
  assert.equal(access.exp - access.iat, 600);
  assert.equal(id.exp - id.iat, 7200);
});
