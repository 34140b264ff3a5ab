// What the user pool's errors are called for people, and at which field of a form they belong.

export interface FormProblem {
  text: string;
  field?: 'name' | 'email' | 'password' | 'code' | 'handle';
}

/** A problem found before asking the pool. */
export class Missing extends Error {
  constructor(
    text: string,
    readonly field: NonNullable<FormProblem['field']>,
  ) {
    super(text);
  }
}

const TEXTS: Record<string, FormProblem> = {
  UserNotFoundException: { text: 'That email and password do not match.' },
  UsernameExistsException: { text: 'There is an account with this email already. Sign in, or recover the password.', field: 'email' },
  AliasExistsException: { text: 'There is an account with this email already.', field: 'email' },
  CodeMismatchException: { text: 'That is not the code. Please look again.', field: 'code' },
  ExpiredCodeException: { text: 'This code is no longer valid. Ask for a new one.', field: 'code' },
  LimitExceededException: { text: 'Too many attempts. Please wait a while and try again.' },
  TooManyFailedAttemptsException: { text: 'Too many wrong codes. Please wait a while and try again.' },
  TooManyRequestsException: { text: 'Too many attempts. Please wait a while and try again.' },
  NetworkError: { text: 'The sign-in server cannot be reached. Check the connection and try again.' },
};

const POLICY: [RegExp, string][] = [
  [/not long enough/i, 'This password is too short.'],
  [/uppercase/i, 'The password needs an upper-case letter.'],
  [/lowercase/i, 'The password needs a lower-case letter.'],
  [/numeric/i, 'The password needs a digit.'],
  [/symbol/i, 'The password needs a symbol, such as ! or ?.'],
];

function policy(text: string): FormProblem {
  const found = POLICY.find(([pattern]) => pattern.test(text));
  return { text: found?.[1] ?? 'This password is not allowed. Try a longer one.', field: 'password' };
}

// "PreSignUp failed with error TEXT." is how the pool passes on what a trigger said.
function trigger(text: string): FormProblem {
  const said = /^\w+ failed with error (.*?)\.?$/s.exec(text)?.[1] ?? text;
  return /handle|preferred_username/i.test(said) ? { text: said, field: 'handle' } : { text: said };
}

function notAuthorized(text: string): FormProblem {
  if (/attempts exceeded/i.test(text)) return { text: 'Too many attempts. Please wait a moment and try again.' };
  if (/disabled/i.test(text)) return { text: 'This account is disabled.' };
  if (/Current status is CONFIRMED/i.test(text)) return { text: 'This account is confirmed already. Please sign in.' };
  if (/SignUp is not permitted/i.test(text)) return { text: 'New accounts are made by an administrator here.' };
  return { text: 'That email and password do not match.' };
}

export function tellAuth(error: unknown): FormProblem {
  if (!(error instanceof Error)) return { text: 'That did not work. Please try again.' };
  if (error instanceof Missing) return { text: error.message, field: error.field };
  const { name, message } = error;
  if (name === 'NotAuthorizedException') return notAuthorized(message);
  if (name === 'InvalidPasswordException') return policy(message);
  if (name === 'UserLambdaValidationException') return trigger(message);
  if (name === 'InvalidParameterException' && /password/i.test(message) && !/reset/i.test(message)) return policy(message);
  if (error instanceof TypeError || !navigator.onLine) return { text: 'The sign-in server cannot be reached. Check the connection and try again.' };
  return TEXTS[name] ?? { text: message || 'That did not work. Please try again.' };
}
