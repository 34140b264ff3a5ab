// aws-amplify v6, unmodified: sign-up to sign-out as an application of today does it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Amplify } from 'aws-amplify';
import {
  confirmResetPassword, confirmSignIn, confirmSignUp, fetchAuthSession, fetchUserAttributes, getCurrentUser, resendSignUpCode, resetPassword,
  signIn, signOut, signUp, updatePassword, updateUserAttributes,
} from 'aws-amplify/auth';
import { codeOf, endpoint, idp, makePool, makeUser, otherPassword, password, rejects, verify, verifyId } from './support.mjs';

// One person at a time uses this "browser".
async function open(t, pool) {
  Amplify.configure({ Auth: { Cognito: { userPoolId: pool.UserPoolId, userPoolClientId: pool.ClientId, userPoolEndpoint: endpoint } } });
  t.after(() => signOut().catch(() => {}));
  return pool;
}

test('amplify 6 signs up, confirms and signs in', async (t) => {
  const pool = await open(t, await makePool(t));
  const userAttributes = { email: 'nora@example.com', name: 'Nora', preferred_username: 'nora' };
  const made = await signUp({ username: 'nora', password, options: { userAttributes } });
  assert.equal(made.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
  assert.equal(made.nextStep.codeDeliveryDetails.destination, 'n***@e***');
  const early = await signIn({ username: 'nora', password });
  assert.equal(early.nextStep.signInStep, 'CONFIRM_SIGN_UP');
  await resendSignUpCode({ username: 'nora' });
  const confirmed = await confirmSignUp({ username: 'nora', confirmationCode: await codeOf(pool, 'nora', 'ResendCode') });
  assert.equal(confirmed.isSignUpComplete, true);
  const { isSignedIn } = await signIn({ username: 'nora', password });
  assert.equal(isSignedIn, true);
  assert.deepEqual(await getCurrentUser(), {
    username: 'nora', userId: made.userId, signInDetails: { loginId: 'nora', authFlowType: 'USER_SRP_AUTH' },
  });
  const { tokens } = await fetchAuthSession();
  assert.equal((await verifyId(pool, tokens.idToken.toString())).name, 'Nora');
  await verify(pool, tokens.accessToken.toString());
});

test('amplify 6 signs in of itself after a sign-up', async (t) => {
  const pool = await open(t, await makePool(t));
  await signUp({ username: 'teo', password, options: { userAttributes: { email: 'teo@example.com' } } });
  await confirmSignUp({ username: 'teo', confirmationCode: await codeOf(pool, 'teo', 'SignUp') });
  await signIn({ username: 'teo', password, options: { authFlowType: 'USER_PASSWORD_AUTH' } });
  assert.equal((await getCurrentUser()).username, 'teo');
});

test('amplify 6 is refused with a wrong password', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'malik');
  await rejects(signIn({ username: 'malik', password: 'Wrong-passw0rd' }), 'NotAuthorizedException', /^Incorrect username or password\.$/);
  await rejects(signIn({ username: 'nobody', password }), 'UserNotFoundException', /^User does not exist\.$/);
});

test('amplify 6 refreshes by GetTokensFromRefreshToken', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'malik');
  await signIn({ username: 'malik', password });
  const before = (await fetchAuthSession()).tokens;
  const after = (await fetchAuthSession({ forceRefresh: true })).tokens;
  assert.notEqual(after.accessToken.toString(), before.accessToken.toString());
  assert.equal(after.accessToken.payload.origin_jti, before.accessToken.payload.origin_jti);
  assert.equal(after.accessToken.payload.auth_time, before.accessToken.payload.auth_time);
  await verifyId(pool, after.idToken.toString());
});

test('amplify 6 refreshes with a token that is replaced each time, where the client says so', async (t) => {
  const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 };
  const ExplicitAuthFlows = ['ALLOW_USER_SRP_AUTH'];
  const pool = await open(t, await makePool(t, {}, { RefreshTokenRotation, ExplicitAuthFlows }));
  await makeUser(pool, 'malik');
  await signIn({ username: 'malik', password });
  for (let i = 0; i < 3; i++) {
    const { tokens } = await fetchAuthSession({ forceRefresh: true });
    await verify(pool, tokens.accessToken.toString());
  }
});

test('amplify 6 reads and changes attributes', async (t) => {
  const pool = await open(t, await makePool(t));
  const sub = await makeUser(pool, 'nora', { name: 'Nora' });
  await signIn({ username: 'nora', password });
  assert.deepEqual(await fetchUserAttributes(), { sub, email: 'nora@example.com', email_verified: 'true', name: 'Nora' });
  const changed = await updateUserAttributes({ userAttributes: { name: 'N.', email: 'new@example.com' } });
  assert.equal(changed.name.isUpdated, true);
  assert.equal(changed.email.nextStep.updateAttributeStep, 'CONFIRM_ATTRIBUTE_WITH_CODE');
  assert.equal((await fetchUserAttributes()).name, 'N.');
});

test('amplify 6 changes and recovers a password', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'teo');
  await signIn({ username: 'teo', password });
  await rejects(updatePassword({ oldPassword: 'Not-it-1', newPassword: otherPassword }), 'NotAuthorizedException');
  await updatePassword({ oldPassword: password, newPassword: otherPassword });
  await signOut();
  await signIn({ username: 'teo', password: otherPassword });
  await signOut();
  const reset = await resetPassword({ username: 'teo' });
  assert.equal(reset.nextStep.resetPasswordStep, 'CONFIRM_RESET_PASSWORD_WITH_CODE');
  const confirmationCode = await codeOf(pool, 'teo', 'ForgotPassword');
  await confirmResetPassword({ username: 'teo', confirmationCode, newPassword: password });
  await signIn({ username: 'teo', password });
});

test('amplify 6 signs out everywhere', async (t) => {
  const pool = await open(t, await makePool(t));
  await makeUser(pool, 'malik');
  await signIn({ username: 'malik', password });
  const AccessToken = (await fetchAuthSession()).tokens.accessToken.toString();
  await idp.getUser({ AccessToken });
  await signOut({ global: true });
  await rejects(idp.getUser({ AccessToken }), 'NotAuthorizedException', /^Access Token has been revoked$/);
  await rejects(getCurrentUser(), 'UserUnAuthenticatedException');
});

test('amplify 6 answers the challenge of a new password', async (t) => {
  const pool = await open(t, await makePool(t));
  await idp.adminCreateUser({
    UserPoolId: pool.UserPoolId, Username: 'teo', TemporaryPassword: password, UserAttributes: [{ Name: 'email', Value: 'teo@example.com' }],
  });
  const { nextStep } = await signIn({ username: 'teo', password });
  assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
  await rejects(confirmSignIn({ challengeResponse: 'short' }), 'InvalidPasswordException');
  const { isSignedIn } = await confirmSignIn({ challengeResponse: otherPassword });
  assert.equal(isSignedIn, true);
});
