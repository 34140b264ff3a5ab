// What the tests of user pools share: pools of their own, the outbox, tokens. The endpoint comes from STATOR_ENDPOINT.
import assert from 'node:assert/strict';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { endpoint, uniqueName } from '../support.mjs';

export { endpoint, rejects, uniqueName } from '../support.mjs';

const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
export const idp = new CognitoIdentityProvider(options);

export const password = 'Passw0rd!';
export const otherPassword = 'An0ther one?';
const flows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'];

// A pool with a client, deleted at the end of the test `t`.
export async function makePool(t, pool = {}, client = {}) {
  const created = await idp.createUserPool({ PoolName: uniqueName('pool'), AutoVerifiedAttributes: ['email'], ...pool });
  const UserPoolId = created.UserPool.Id;
  t.after(() => idp.deleteUserPool({ UserPoolId }));
  const { UserPoolClient } = await idp.createUserPoolClient({ UserPoolId, ClientName: 'web', ExplicitAuthFlows: flows, ...client });
  return { UserPoolId, ClientId: UserPoolClient.ClientId, secret: UserPoolClient.ClientSecret };
}

// A user whom an administrator made, with a password to stay.
export async function makeUser({ UserPoolId }, Username, attributes = {}) {
  const UserAttributes = Object.entries({ email: `${Username}@example.com`, email_verified: 'true', ...attributes })
    .map(([Name, Value]) => ({ Name, Value }));
  const { User } = await idp.adminCreateUser({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' });
  await idp.adminSetUserPassword({ UserPoolId, Username, Password: password, Permanent: true });
  return User.Attributes.find(({ Name }) => Name === 'sub').Value;
}

// What would have been mailed to the user, the newest last.
export async function mailOf({ UserPoolId }, user) {
  const answer = await fetch(`${endpoint}/_stator/outbox?pool=${UserPoolId}&user=${encodeURIComponent(user)}`);
  assert.equal(answer.status, 200);
  return (await answer.json()).messages;
}

export async function codeOf(pool, user, kind) {
  const mail = await mailOf(pool, user);
  assert.ok(mail.length > 0, `no mail for ${user}`);
  assert.equal(mail.at(-1).kind, kind);
  assert.match(mail.at(-1).code, /^\d{6}$/);
  return mail.at(-1).code;
}

export const wrong = (code) => (code === '000000' ? '111111' : '000000');

export const issuerOf = ({ UserPoolId }) => `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`;

// The claims of a token, checked against the keys that the pool serves, by an independent library.
export async function verify(pool, token, checks = {}) {
  const keys = createRemoteJWKSet(new URL(`${endpoint}/${pool.UserPoolId}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer: issuerOf(pool), algorithms: ['RS256'], ...checks });
  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid']);
  return payload;
}

export const verifyId = (pool, token) => verify(pool, token, { audience: pool.ClientId });
