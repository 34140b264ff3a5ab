// amazon-cognito-identity-js, unmodified, pointed at the endpoint.
import assert from 'node:assert/strict';
import test from 'node:test';
import { AuthenticationDetails, CognitoRefreshToken, CognitoUser, CognitoUserAttribute, CognitoUserPool } from 'amazon-cognito-identity-js';
import { codeOf, endpoint, idp, makePool, makeUser, otherPassword, password, verify, verifyId, wrong } from './support.mjs';

// Where the library keeps sessions: one for each device.
function memory() {
  const kept = new Map();
  return {
    setItem: (key, value) => kept.set(key, value), getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => kept.delete(key), clear: () => kept.clear(),
  };
}

function device({ UserPoolId, ClientId }, name) {
  const Storage = memory();
  const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: `${endpoint}/`, Storage });
  return { Pool, user: new CognitoUser({ Username: name, Pool, Storage }) };
}

// The library's callbacks as a promise; `more` are callbacks that reject, or resolve in their own way.
const call = (begin) => new Promise((resolve, reject) => begin((error, value) => (error ? reject(error) : resolve(value))));
const ask = (begin, more = {}) => new Promise((onSuccess, onFailure) => begin({ onSuccess, onFailure, ...more }));

const signUp = (Pool, name, attributes) =>
  call((done) => Pool.signUp(name, password, attributes.map(([Name, Value]) => new CognitoUserAttribute({ Name, Value })), null, done));

function signIn(user, Password, more = {}) {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password });
  return ask((callbacks) => user.authenticateUser(details, callbacks), more);
}

const fails = (promise, code, message) => assert.rejects(promise, (error) => {
  assert.equal(error.code ?? error.name, code, error.message);
  if (message) assert.equal(error.message, message);
  return true;
});

test('identity-js signs up, confirms with the code from the outbox and signs in by SRP', async (t) => {
  const pool = await makePool(t);
  const { Pool, user } = device(pool, 'nora');
  const made = await signUp(Pool, 'nora', [['email', 'nora@example.com'], ['name', 'Nora'], ['preferred_username', 'nora']]);
  assert.equal(made.userConfirmed, false);
  assert.deepEqual(made.codeDeliveryDetails, { Destination: 'n***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' });
  await fails(signIn(user, password), 'UserNotConfirmedException', 'User is not confirmed.');
  const code = await codeOf(pool, 'nora', 'SignUp');
  await fails(call((done) => user.confirmRegistration(wrong(code), false, done)), 'CodeMismatchException');
  assert.equal(await call((done) => user.confirmRegistration(code, false, done)), 'SUCCESS');
  await fails(call((done) => user.confirmRegistration(code, false, done)), 'NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED');

  const session = await signIn(user, password);
  assert.ok(session.isValid());
  const id = await verifyId(pool, session.getIdToken().getJwtToken());
  assert.equal(id.sub, made.userSub);
  assert.equal(id['cognito:username'], 'nora');
  assert.equal(id.token_use, 'id');
  assert.equal(id.email_verified, true);
  assert.equal(id.preferred_username, 'nora');
  const access = await verify(pool, session.getAccessToken().getJwtToken());
  assert.equal(access.client_id, pool.ClientId);
  assert.equal(access.username, 'nora');
  assert.equal(access.token_use, 'access');
  assert.equal(access.aud, undefined);
});

test('identity-js is refused with a wrong password, and with the name of nobody', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'malik');
  await fails(signIn(device(pool, 'malik').user, 'Wrong-passw0rd'), 'NotAuthorizedException', 'Incorrect username or password.');
  await fails(signIn(device(pool, 'nobody').user, password), 'UserNotFoundException', 'User does not exist.');
  await signIn(device(pool, 'malik').user, password);
});

test('identity-js signs in people whose names and passwords are of any script', async (t) => {
  const pool = await makePool(t);
  for (const [name, secret] of [['żółw', 'Zażółć1 gęślą!'], ['名前', 'Aпароль1 и ещё!a'], ['a'.repeat(128), 'Aa1!'.repeat(60)]]) {
    await makeUser(pool, name, { email: 'any@example.com' });
    await idp.adminSetUserPassword({ UserPoolId: pool.UserPoolId, Username: name, Password: secret, Permanent: true });
    const session = await signIn(device(pool, name).user, secret);
    assert.equal(session.getIdToken().payload['cognito:username'], name);
  }
});

test('identity-js refreshes a session by REFRESH_TOKEN_AUTH', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'teo');
  const { user } = device(pool, 'teo');
  const first = await signIn(user, password);
  const second = await call((done) => user.refreshSession(new CognitoRefreshToken({ RefreshToken: first.getRefreshToken().getToken() }), done));
  const before = first.getAccessToken().payload;
  const after = await verify(pool, second.getAccessToken().getJwtToken());
  assert.equal(after.auth_time, before.auth_time);
  assert.equal(after.origin_jti, before.origin_jti);
  assert.notEqual(after.jti, before.jti);
  assert.equal(second.getRefreshToken().getToken(), first.getRefreshToken().getToken());
  await fails(call((done) => user.refreshSession(new CognitoRefreshToken({ RefreshToken: 'no-such-token' }), done)), 'NotAuthorizedException', 'Invalid Refresh Token');
});

test('identity-js reads, changes and deletes attributes', async (t) => {
  const pool = await makePool(t);
  const sub = await makeUser(pool, 'nora', { name: 'Nora' });
  const { user } = device(pool, 'nora');
  await signIn(user, password);
  const read = async () => Object.fromEntries((await call((done) => user.getUserAttributes(done))).map((each) => [each.getName(), each.getValue()]));
  assert.deepEqual(await read(), { sub, email: 'nora@example.com', email_verified: 'true', name: 'Nora' });
  await call((done) => user.updateAttributes([new CognitoUserAttribute({ Name: 'name', Value: 'Nora N.' }), new CognitoUserAttribute({ Name: 'nickname', Value: 'no' })], done));
  assert.equal((await read()).name, 'Nora N.');
  await call((done) => user.deleteAttributes(['nickname'], done));
  assert.equal((await read()).nickname, undefined);
  await fails(call((done) => user.updateAttributes([new CognitoUserAttribute({ Name: 'sub', Value: 'x' })], done)), 'InvalidParameterException', 'user.sub: Attribute cannot be updated.');
  const data = await call((done) => user.getUserData(done, { bypassCache: true }));
  assert.equal(data.Username, 'nora');
});

test('identity-js verifies a changed address with a code', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'nora');
  const { user } = device(pool, 'nora');
  await signIn(user, password);
  await call((done) => user.updateAttributes([new CognitoUserAttribute({ Name: 'email', Value: 'new@example.com' })], done));
  await ask((callbacks) => user.getAttributeVerificationCode('email', callbacks), { inputVerificationCode: null });
  const code = await codeOf(pool, 'nora', 'VerifyUserAttribute');
  await ask((callbacks) => user.verifyAttribute('email', code, callbacks));
  const attributes = await call((done) => user.getUserAttributes(done));
  assert.equal(attributes.find((each) => each.getName() === 'email_verified').getValue(), 'true');
});

test('identity-js changes a password', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'malik');
  const { user } = device(pool, 'malik');
  await signIn(user, password);
  await fails(call((done) => user.changePassword('Not-it-1', otherPassword, done)), 'NotAuthorizedException', 'Incorrect username or password.');
  await fails(call((done) => user.changePassword(password, 'short', done)), 'InvalidPasswordException', 'Password did not conform with policy: Password not long enough');
  await call((done) => user.changePassword(password, otherPassword, done));
  await fails(signIn(device(pool, 'malik').user, password), 'NotAuthorizedException');
  await signIn(device(pool, 'malik').user, otherPassword);
});

test('identity-js recovers a forgotten password', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'teo');
  const { user } = device(pool, 'teo');
  const sent = await ask((callbacks) => user.forgotPassword(callbacks));
  assert.equal(sent.CodeDeliveryDetails.Destination, 't***@e***');
  const code = await codeOf(pool, 'teo', 'ForgotPassword');
  await fails(ask((callbacks) => user.confirmPassword(wrong(code), otherPassword, callbacks)), 'CodeMismatchException');
  await ask((callbacks) => user.confirmPassword(code, otherPassword, callbacks));
  await fails(ask((callbacks) => user.confirmPassword(code, otherPassword, callbacks)), 'ExpiredCodeException');
  await signIn(user, otherPassword);
});

test('identity-js resends the code of a sign-up; only the newest one works', async (t) => {
  const pool = await makePool(t);
  const { Pool, user } = device(pool, 'nora');
  await signUp(Pool, 'nora', [['email', 'nora@example.com']]);
  const first = await codeOf(pool, 'nora', 'SignUp');
  await call((done) => user.resendConfirmationCode(done));
  const second = await codeOf(pool, 'nora', 'ResendCode');
  if (first !== second) await fails(call((done) => user.confirmRegistration(first, false, done)), 'CodeMismatchException');
  await call((done) => user.confirmRegistration(second, true, done));
  await fails(call((done) => user.resendConfirmationCode(done)), 'InvalidParameterException', 'User is already confirmed.');
});

test('identity-js signs out everywhere', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'malik');
  const phone = device(pool, 'malik').user;
  const desk = device(pool, 'malik').user;
  const kept = await signIn(desk, password);
  await signIn(phone, password);
  await ask((callbacks) => phone.globalSignOut(callbacks));
  await fails(call((done) => desk.getUserAttributes(done)), 'NotAuthorizedException', 'Access Token has been revoked');
  await fails(call((done) => desk.refreshSession(kept.getRefreshToken(), done)), 'NotAuthorizedException', 'Refresh Token has been revoked');
});

test('identity-js signs out one device by revoking its token', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'malik');
  const phone = device(pool, 'malik').user;
  const desk = device(pool, 'malik').user;
  const kept = await signIn(phone, password);
  await signIn(desk, password);
  await call((done) => phone.signOut(done));
  await fails(call((done) => phone.refreshSession(kept.getRefreshToken(), done)), 'NotAuthorizedException', 'Refresh Token has been revoked');
  await call((done) => desk.getUserAttributes(done));
});

test('identity-js answers the challenge of a new password', async (t) => {
  const pool = await makePool(t, { Schema: [{ Name: 'name', Required: true, AttributeDataType: 'String', Mutable: true }] });
  await idp.adminCreateUser({
    UserPoolId: pool.UserPoolId, Username: 'teo', TemporaryPassword: password, MessageAction: 'SUPPRESS',
    UserAttributes: [{ Name: 'email', Value: 'teo@example.com' }],
  });
  const { user } = device(pool, 'teo');
  const newPasswordRequired = new Promise((resolve, reject) => {
    const details = new AuthenticationDetails({ Username: 'teo', Password: password });
    const onSuccess = () => reject(new Error('there was no challenge'));
    user.authenticateUser(details, { onSuccess, onFailure: reject, newPasswordRequired: (current, required) => resolve({ current, required }) });
  });
  const { current, required } = await newPasswordRequired;
  assert.deepEqual(required, ['name']);
  assert.equal(current.email, 'teo@example.com');
  assert.equal(current.sub, undefined);
  const session = await ask((callbacks) => user.completeNewPasswordChallenge(otherPassword, { name: 'Teo' }, callbacks));
  assert.equal((await verifyId(pool, session.getIdToken().getJwtToken())).name, 'Teo');
  const { UserStatus } = await idp.adminGetUser({ UserPoolId: pool.UserPoolId, Username: 'teo' });
  assert.equal(UserStatus, 'CONFIRMED');
  await signIn(device(pool, 'teo').user, otherPassword);
});

test('identity-js signs in by USER_PASSWORD_AUTH when asked to', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'nora');
  const { user } = device(pool, 'nora');
  user.setAuthenticationFlowType('USER_PASSWORD_AUTH');
  const session = await signIn(user, password);
  await verifyId(pool, session.getIdToken().getJwtToken());
  await fails(signIn(user, 'Wrong-passw0rd'), 'NotAuthorizedException');
});

test('identity-js learns that names are not told', async (t) => {
  const pool = await makePool(t, {}, { PreventUserExistenceErrors: 'ENABLED' });
  await makeUser(pool, 'nora');
  await fails(signIn(device(pool, 'nobody').user, password), 'NotAuthorizedException', 'Incorrect username or password.');
  await fails(signIn(device(pool, 'nora').user, 'Wrong-passw0rd'), 'NotAuthorizedException', 'Incorrect username or password.');
  const { CodeDeliveryDetails } = await ask((callbacks) => device(pool, 'nobody').user.forgotPassword(callbacks));
  assert.match(CodeDeliveryDetails.Destination, /^.\*\*\*@.\*\*\*$/);
});

test('identity-js signs in by e-mail where the pool says so', async (t) => {
  const pool = await makePool(t, { UsernameAttributes: ['email'] });
  const { Pool, user } = device(pool, 'nora@example.com');
  const made = await signUp(Pool, 'nora@example.com', []);
  await call(async (done) => user.confirmRegistration(await codeOf(pool, 'nora@example.com', 'SignUp'), false, done));
  const session = await signIn(user, password);
  const id = await verifyId(pool, session.getIdToken().getJwtToken());
  assert.equal(id['cognito:username'], made.userSub);
  assert.equal(id.email, 'nora@example.com');
  await fails(signUp(Pool, 'nora@example.com', []), 'UsernameExistsException');
});

test('identity-js deletes the user who is signed in', async (t) => {
  const pool = await makePool(t);
  await makeUser(pool, 'teo');
  const { user } = device(pool, 'teo');
  await signIn(user, password);
  assert.equal(await call((done) => user.deleteUser(done)), 'SUCCESS');
  await fails(signIn(device(pool, 'teo').user, password), 'UserNotFoundException');
});
