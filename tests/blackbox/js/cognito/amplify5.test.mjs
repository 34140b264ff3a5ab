// aws-amplify v5, the one the messaging application was written with, unmodified.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { codeOf, endpoint, idp, makePool, makeUser, otherPassword, password, verify, verifyId } from './support.mjs';

const { Amplify, Auth } = createRequire(import.meta.url)('aws-amplify-v5');

async function open(t, pool) {
  Amplify.configure({ Auth: { region: 'us-east-1', userPoolId: pool.UserPoolId, userPoolWebClientId: pool.ClientId, endpoint: `${endpoint}/` } });
  t.after(() => Auth.signOut().catch(() => {}));
  return pool;
}

const fails = (promise, code, message) => assert.rejects(promise, (error) => {
  assert.equal(error.code, code, error.message);
  if (message) assert.equal(error.message, message);
  return true;
});

test('amplify 5 signs up, confirms and signs in', async (t) => {
  const pool = await open(t, await makePool(t));
  const attributes = { name: 'Nora', email: 'nora@example.com', preferred_username: 'nora' };
  const made = await Auth.signUp({ username: 'nora', password, attributes, autoSignIn: { enabled: false } });
  assert.equal(made.userConfirmed, false);
  await fails(Auth.signIn('nora', password), 'UserNotConfirmedException', 'User is not confirmed.');
  await Auth.resendSignUp('nora');
  assert.equal(await Auth.confirmSignUp('nora', await codeOf(pool, 'nora', 'ResendCode')), 'SUCCESS');
  const user = await Auth.signIn('nora', password);
  assert.equal(user.attributes.sub, made.userSub);
  assert.equal(user.attributes.preferred_username, 'nora');
  const session = await Auth.currentSession();
  await verifyId(pool, session.getIdToken().getJwtToken());
  await verify(pool, session.getAccessToken().getJwtToken());
  assert.equal((await Auth.currentAuthenticatedUser({ bypassCache: true })).attributes.email, 'nora@example.com');
});

test('amplify 5 is refused with a wrong password', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'malik');
  await fails(Auth.signIn('malik', 'Wrong-passw0rd'), 'NotAuthorizedException', 'Incorrect username or password.');
});

test('amplify 5 refreshes by REFRESH_TOKEN_AUTH', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'malik');
  const user = await Auth.signIn('malik', password);
  const before = await Auth.currentSession();
  const after = await new Promise((resolve, reject) => {
    user.refreshSession(before.getRefreshToken(), (error, session) => (error ? reject(error) : resolve(session)));
  });
  assert.notEqual(after.getAccessToken().getJwtToken(), before.getAccessToken().getJwtToken());
  await verify(pool, after.getAccessToken().getJwtToken());
});

test('amplify 5 reads and changes attributes', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'nora', { name: 'Nora' });
  const user = await Auth.signIn('nora', password);
  assert.equal(await Auth.updateUserAttributes(user, { name: 'N.' }), 'SUCCESS');
  const attributes = Object.fromEntries((await Auth.userAttributes(user)).map((each) => [each.getName(), each.getValue()]));
  assert.equal(attributes.name, 'N.');
});

test('amplify 5 changes and recovers a password', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'teo');
  const user = await Auth.signIn('teo', password);
  assert.equal(await Auth.changePassword(user, password, otherPassword), 'SUCCESS');
  await Auth.signOut();
  await fails(Auth.signIn('teo', password), 'NotAuthorizedException');
  const { CodeDeliveryDetails } = await Auth.forgotPassword('teo');
  assert.equal(CodeDeliveryDetails.DeliveryMedium, 'EMAIL');
  await Auth.forgotPasswordSubmit('teo', await codeOf(pool, 'teo', 'ForgotPassword'), password);
  await Auth.signIn('teo', password);
});

test('amplify 5 signs out everywhere', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'malik');
  await Auth.signIn('malik', password);
  const AccessToken = (await Auth.currentSession()).getAccessToken().getJwtToken();
  await Auth.signOut({ global: true });
  await assert.rejects(idp.getUser({ AccessToken }), /Access Token has been revoked/);
});

test('amplify 5 answers the challenge of a new password', async (t) => {
  const pool = await open(t, await makePool(t));
  await idp.adminCreateUser({
    UserPoolId: pool.UserPoolId, Username: 'teo', TemporaryPassword: password, UserAttributes: [{ Name: 'email', Value: 'teo@example.com' }],
  });
  const user = await Auth.signIn('teo', password);
  assert.equal(user.challengeName, 'NEW_PASSWORD_REQUIRED');
  await Auth.completeNewPassword(user, otherPassword);
  await Auth.signOut();
  await Auth.signIn('teo', otherPassword);
});
