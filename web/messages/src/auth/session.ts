// Who is signed in: the user pool, by way of Amplify's SRP sign-in and token refresh. Tokens lie in local storage, as
// Amplify keeps them, so that all tabs share one session. The refresh token never leaves this file's reach.
import { Amplify } from '@aws-amplify/core';
import {
  confirmResetPassword, confirmSignIn, confirmSignUp, fetchAuthSession, resendSignUpCode, resetPassword,
  signIn as poolSignIn, signOut as poolSignOut, signUp as poolSignUp, updateUserAttributes,
} from '@aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from '@aws-amplify/auth/cognito';
import { fetchConfig, SignedOut, type Tokens, Unreachable } from '../api/client';

export async function configure(): Promise<void> {
  const config = await fetchConfig();
  const cognito = { userPoolId: config.user_pool_id, userPoolClientId: config.client_id };
  const auth = { Cognito: config.endpoint === null ? cognito : { ...cognito, userPoolEndpoint: config.endpoint } };
  cognitoUserPoolsTokenProvider.setAuthConfig(auth);
  Amplify.configure({ Auth: auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
}

async function accessToken(forceRefresh: boolean): Promise<string> {
  let token: string | undefined;
  try {
    token = (await fetchAuthSession({ forceRefresh })).tokens?.accessToken.toString();
  } catch (error) {
    if (isLost(error)) throw new SignedOut();
    throw new Unreachable('The sign-in server cannot be reached.');
  }
  if (token === undefined) throw new SignedOut();
  return token;
}

const LOST = /^(NotAuthorized|TokenRevoked|UserNotFound|PasswordResetRequired|UserNotConfirmed|RefreshTokenReuse)/;

function isLost(error: unknown): boolean {
  return error instanceof Error && LOST.test(error.name);
}

let refreshing: Promise<string> | null = null;

/** Calls that find the token expired at the same time share one refresh. */
export const tokens: Tokens = {
  current: () => accessToken(false),
  refreshed() {
    refreshing ??= accessToken(true).finally(() => {
      refreshing = null;
    });
    return refreshing;
  },
};

/** Whether there is a session; a pool that cannot be reached does not end one. */
export async function isSignedIn(): Promise<boolean> {
  try {
    await tokens.current();
    return true;
  } catch (error) {
    if (error instanceof SignedOut) return false;
    return true;
  }
}

/** Another tab has signed in, or out: what this one shows is no longer the right person's. */
export function isOtherUser({ key, oldValue, newValue }: StorageEvent): boolean {
  return key === null || (key.endsWith('.LastAuthUser') && oldValue !== newValue);
}

export type SignInStep = 'done' | 'confirm' | 'new-password' | 'reset-password';

export async function signIn(email: string, password: string): Promise<SignInStep> {
  try {
    const { nextStep } = await poolSignIn({ username: email, password });
    return stepOf(nextStep.signInStep);
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'UserNotConfirmedException') return 'confirm';
    if (name === 'PasswordResetRequiredException') return 'reset-password';
    if (name !== 'UserAlreadyAuthenticatedException') throw error;
    await poolSignOut();
    return signIn(email, password);
  }
}

function stepOf(step: string): SignInStep {
  if (step === 'DONE') return 'done';
  if (step === 'CONFIRM_SIGN_UP') return 'confirm';
  if (step === 'RESET_PASSWORD') return 'reset-password';
  if (step === 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED') return 'new-password';
  throw new Error('This account signs in by a way this page does not know.');
}

/** The answer to "new-password": an account made by an administrator chooses its own. */
export async function chooseNewPassword(password: string): Promise<void> {
  await confirmSignIn({ challengeResponse: password });
}

/** Signs out here. The refresh token is revoked if the pool can be reached. */
export async function signOut(): Promise<void> {
  await poolSignOut().catch(() => undefined);
}

export interface NewAccount {
  name: string;
  handle: string;
  email: string;
  password: string;
}

export async function signUp({ name, handle, email, password }: NewAccount): Promise<'done' | 'confirm'> {
  const userAttributes = { email, name, preferred_username: handle };
  const { isSignUpComplete } = await poolSignUp({ username: email, password, options: { userAttributes } });
  return isSignUpComplete ? 'done' : 'confirm';
}

export async function confirm(email: string, code: string): Promise<void> {
  await confirmSignUp({ username: email, confirmationCode: code });
}

/** Gives oneself another handle, while the first one turned out to be taken; answers with the email of the account. */
export async function changeHandle(handle: string): Promise<string> {
  const email = (await fetchAuthSession()).tokens?.idToken?.payload['email'];
  await updateUserAttributes({ userAttributes: { preferred_username: handle } });
  return typeof email === 'string' ? email : '';
}

export async function resendCode(email: string): Promise<void> {
  await resendSignUpCode({ username: email });
}

export async function sendRecoveryCode(email: string): Promise<void> {
  await resetPassword({ username: email });
}

export async function recover(email: string, code: string, password: string): Promise<void> {
  await confirmResetPassword({ username: email, confirmationCode: code, newPassword: password });
}
