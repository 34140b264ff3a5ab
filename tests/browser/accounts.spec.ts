// From nobody to signed in, out, and in again with another password.
import { expect, test } from './support/fixtures';
import { member, PASSWORD, signIn, signUp, somebody } from './support/people';

const inbox = { name: 'No conversations yet' };

test('sign up, confirm with the code, sign out, recover the password, sign in', async ({ stack, visitor }) => {
  const { name, handle, email } = somebody('Zoe');
  const page = await visitor();
  await page.goto(stack.page);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Handle').fill(`@${handle.toUpperCase()}`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();

  await expect(page.getByRole('heading', { name: 'Confirm your email' })).toBeVisible();
  await page.getByLabel('Code').fill(await stack.code(email));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', inbox)).toBeVisible();
  await page.getByRole('button', { name: 'Your account' }).click();
  await expect(page.getByText(`@${handle}`)).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();

  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.getByLabel('Code').fill(await stack.code(email));
  await page.getByLabel('New password').fill('Another-train-1843');
  await page.getByRole('button', { name: 'Change the password' }).click();

  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('do not match');
  await page.getByLabel('Password', { exact: true }).fill('Another-train-1843');
  await page.getByLabel('Password', { exact: true }).press('Enter');
  await expect(page.getByRole('heading', inbox)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', inbox)).toBeVisible();
});

test('a wrong password and an unknown account are told the same', async ({ stack, visitor }) => {
  const known = await member(stack, 'Ola');
  const page = await visitor();
  await page.goto(`${stack.page}/signin`);
  for (const email of [known.email, somebody('Nobody').email]) {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('wrong-Password-1');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toHaveText('That email and password do not match.');
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
    await page.getByLabel('Email').fill('');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('Please give your email.')).toBeVisible();
  }
});

test('whoever signs in before confirming is asked for the code, and a new code can be had', async ({ stack, visitor }) => {
  const person = somebody('Ida');
  await signUp(stack, person);
  const page = await visitor();
  await page.goto(`${stack.page}/signin`);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Confirm your email' })).toBeVisible();
  const code = await stack.code(person.email);
  await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('That is not the code.')).toBeVisible();
  await expect(page.getByLabel('Code')).toBeFocused();
  await page.getByRole('button', { name: 'Send a new code' }).click();
  await expect(page.getByText('A new code is on its way.')).toBeVisible();
  await page.getByLabel('Code').fill(await stack.code(person.email));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', inbox)).toBeVisible();
});

test('what is wrong with a new account is said at its field', async ({ stack, visitor }) => {
  const taken = await member(stack, 'Uma');
  const page = await visitor();
  await page.goto(`${stack.page}/signup`);
  await page.getByLabel('Name').fill('Uma');
  await page.getByLabel('Handle').fill('not a handle');
  await page.getByLabel('Email').fill(taken.email);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Only a–z')).toBeVisible();
  await page.getByLabel('Handle').fill(somebody('Uma').handle);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('This password is too short.')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('There is an account with this email already.')).toBeVisible();
});

test('an address asked for while signed out is shown after signing in', async ({ stack, visitor }) => {
  const [ana, ben] = [await member(stack, 'Ana'), await member(stack, 'Ben')];
  const page = await visitor();
  await signIn(page, stack, ana, `/messages/new/${ben.handle}`);
  await expect(page.getByRole('heading', { name: ben.name })).toBeVisible();
});

test('whose handle is taken chooses another', async ({ stack, visitor }) => {
  const first = await member(stack, 'Ivo');
  const second = { ...somebody('Ivo'), handle: first.handle };
  await signUp(stack, second);
  const page = await visitor();
  await page.goto(`${stack.page}/confirm?email=${encodeURIComponent(second.email)}`);
  await page.getByLabel('Code').fill(await stack.code(second.email));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByLabel('Password', { exact: true }).fill(second.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Nobody knows you here yet' })).toBeVisible();
  const handle = somebody('Ivo').handle;
  await page.getByLabel('Handle').fill(handle);
  await page.getByRole('button', { name: 'Use this handle' }).click();
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.getByLabel('Code').fill(await stack.code(second.email));
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Your account' }).click();
  await expect(page.getByText(`@${handle}`)).toBeVisible();
});
