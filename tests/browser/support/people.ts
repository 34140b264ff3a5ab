// People who use the page: made through the pool's API, as quickly as that goes, when a test is not about signing up.
import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import type { Stack } from './stack';

export const PASSWORD = 'Night-train-1842';

export interface Person {
  name: string;
  handle: string;
  email: string;
  password: string;
}

/** Somebody whom nobody has heard of yet. */
export function somebody(name: string): Person {
  const handle = `${name.toLowerCase()}_${randomUUID().slice(0, 8)}`;
  return { name, handle, email: `${handle}@example.com`, password: PASSWORD };
}

async function pool(stack: Stack, operation: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(stack.endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}` },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${operation}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

export async function signUp(stack: Stack, { name, handle, email, password }: Person): Promise<void> {
  const attributes = { email, name, preferred_username: handle };
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  await pool(stack, 'SignUp', { ClientId: stack.clientId, Username: email, Password: password, UserAttributes });
}

/** Somebody with an account, confirmed, in the directory. */
export async function member(stack: Stack, name: string): Promise<Person> {
  const person = somebody(name);
  await signUp(stack, person);
  await pool(stack, 'ConfirmSignUp', { ClientId: stack.clientId, Username: person.email, ConfirmationCode: await stack.code(person.email) });
  return person;
}

export async function signIn(page: Page, stack: Stack, person: Person, to = '/messages'): Promise<void> {
  await page.goto(stack.page + to);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Cruddur Messages' })).toBeAttached();
}

/** The back end as a person's own program would call it. */
export class Caller {
  private constructor(
    private readonly stack: Stack,
    private readonly token: string,
  ) {}

  static async of(stack: Stack, person: Person): Promise<Caller> {
    const token = await stack.cruddur('cognito', 'sign-in', '--user', person.email, '--password', person.password, '--token', 'access');
    return new Caller(stack, token.trim());
  }

  /** Writes to somebody, or into a conversation; the conversation's uuid. */
  async say(to: { handle: string } | { message_group_uuid: string }, message: string): Promise<string> {
    const answer = await fetch(`${this.stack.page}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ ...to, message }),
    });
    const body = (await answer.json()) as { message_group_uuid?: string };
    if (!answer.ok || !body.message_group_uuid) throw new Error(`${answer.status} ${JSON.stringify(body)}`);
    return body.message_group_uuid;
  }

  /** `count` messages, "1" to `count`, one after another; the conversation's uuid. */
  async sayMany(handle: string, count: number): Promise<string> {
    const group = await this.say({ handle }, 'message 1');
    for (let n = 2; n <= count; n++) await this.say({ message_group_uuid: group }, `message ${n}`);
    return group;
  }
}
