import { beforeEach, expect, test, vi } from 'vitest';
import { Missing, tellAuth } from './tell';

function poolError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

beforeEach(() => {
  vi.stubGlobal('navigator', { onLine: true });
});

test.each([
  ['NotAuthorizedException', 'Incorrect username or password.', 'do not match', undefined],
  ['UserNotFoundException', 'User does not exist.', 'do not match', undefined],
  ['NotAuthorizedException', 'Password attempts exceeded', 'Too many attempts', undefined],
  ['NotAuthorizedException', 'User is disabled.', 'disabled', undefined],
  ['InvalidPasswordException', 'Password did not conform with policy: Password must have symbol characters', 'symbol', 'password'],
  ['CodeMismatchException', 'Invalid verification code provided, please try again.', 'not the code', 'code'],
  ['UsernameExistsException', 'User already exists', 'already', 'email'],
  ['UserLambdaValidationException', 'PreSignUp failed with error The handle is taken..', 'The handle is taken.', 'handle'],
  ['SomethingNew', 'What the server says', 'What the server says', undefined],
])('%s: %s', (name, message, text, field) => {
  const problem = tellAuth(poolError(name, message));
  expect(problem.text).toContain(text);
  expect(problem.field).toBe(field);
});

test('who does not exist and who mistypes are told the same', () => {
  expect(tellAuth(poolError('UserNotFoundException', 'User does not exist.'))).toEqual(tellAuth(poolError('NotAuthorizedException', 'Incorrect username or password.')));
});

test('what is found before asking stays at its field', () => {
  expect(tellAuth(new Missing('Please give your email.', 'email'))).toEqual({ text: 'Please give your email.', field: 'email' });
});
