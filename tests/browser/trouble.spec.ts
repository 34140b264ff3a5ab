// What goes wrong in the middle of a conversation, and mends itself.
import { expect, test } from './support/fixtures';
import { Caller, member, signIn } from './support/people';
import type { Stack } from './support/stack';
import type { Page } from '@playwright/test';

interface Scene {
  page: Page;
  byBen: Caller;
  group: string;
  write: (text: string) => Promise<void>;
}

async function conversation(stack: Stack, visitor: () => Promise<Page>): Promise<Scene> {
  const [ana, ben] = [await member(stack, 'Ana'), await member(stack, 'Ben')];
  const byBen = await Caller.of(stack, ben);
  const group = await byBen.say({ handle: ana.handle }, 'before');
  const page = await visitor();
  const live = page.waitForResponse((response) => response.url().endsWith('/api/live'));
  await signIn(page, stack, ana, `/messages/${group}`);
  await live;
  await expect(page.locator('.bubble')).toHaveText('before');
  const write = async (text: string) => {
    await page.getByRole('textbox').fill(text);
    await page.getByRole('textbox').press('Enter');
  };
  return { page, byBen, group, write };
}

test('the server and the back end are killed and started again', async ({ stack, visitor }) => {
  const { page, byBen, group, write } = await conversation(stack, visitor);
  await stack.kill();
  await write('while it was down');
  await expect(page.getByText('Not sent yet')).toBeVisible();
  await expect(page.getByText('Connecting again…')).toBeVisible();
  await stack.startServer();
  await stack.startBackEnd();
  await expect(page.getByText('Not sent yet')).toHaveCount(0);
  await expect(page.getByText('Connecting again…')).toHaveCount(0);
  await byBen.say({ message_group_uuid: group }, 'after');
  await expect(page.locator('.bubble')).toHaveText(['before', 'while it was down', 'after']);
  await page.reload();
  await expect(page.locator('.bubble')).toHaveText(['before', 'while it was down', 'after']);
});

test('offline: what is written waits, what is missed comes', async ({ stack, visitor }) => {
  const { page, byBen, group, write } = await conversation(stack, visitor);
  await page.context().setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await write('from the tunnel');
  await expect(page.getByText('Not sent yet')).toBeVisible();
  await byBen.say({ message_group_uuid: group }, 'meanwhile');
  await page.context().setOffline(false);
  await expect(page.getByText('You are offline.')).toHaveCount(0);
  await expect(page.getByText('Not sent yet')).toHaveCount(0);
  await expect(page.locator('.bubble')).toHaveText(['before', 'meanwhile', 'from the tunnel']);
});

test('a message that fails is sent again, or deleted, by hand', async ({ stack, visitor }) => {
  const { page, write } = await conversation(stack, visitor);
  await page.route('**/api/messages', (route) => route.abort());
  await write('one');
  await write('two');
  await expect(page.getByText('Not sent yet')).toHaveCount(2);
  await page.getByRole('button', { name: 'Delete' }).first().click();
  await page.unroute('**/api/messages');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Not sent yet')).toHaveCount(0);
  await expect(page.locator('.bubble')).toHaveText(['before', 'two']);
});

test('an answer that is lost on the way does not make two messages', async ({ stack, visitor }) => {
  const { page, write } = await conversation(stack, visitor);
  await page.route('**/api/live', (route) => route.abort());
  await page.route('**/api/messages', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await write('once');
  await expect(page.locator('.bubble')).toHaveText(['before', 'once']);
  await page.unroute('**/api/live');
  const again = page.getByRole('button', { name: 'Try again' });
  if (await again.isVisible()) await again.click().catch(() => undefined);
  await expect(page.getByText('Not sent yet')).toHaveCount(0);
  await page.reload();
  await expect(page.locator('.bubble')).toHaveText(['before', 'once']);
});

test('an expired token is refreshed without notice', async ({ stack, visitor }) => {
  const { page, write } = await conversation(stack, visitor);
  const refreshes: string[] = [];
  page.on('request', (request) => refreshes.push(request.headers()['x-amz-target'] ?? ''));
  await stack.letTimePass();
  await write('two hours later');
  await expect(page.getByText('Not sent yet')).toHaveCount(0);
  await expect(page.locator('.bubble')).toHaveText(['before', 'two hours later']);
  await expect(page.getByText('Sending…')).toHaveCount(0);
  expect(refreshes.filter((target) => target.endsWith('.GetTokensFromRefreshToken')).length).toBeGreaterThan(0);
  await page.reload();
  await expect(page.locator('.bubble')).toHaveText(['before', 'two hours later']);
});

test('a session that has been ended elsewhere asks to sign in and comes back here', async ({ stack, visitor }) => {
  const { page, group } = await conversation(stack, visitor);
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.endsWith('.refreshToken')) localStorage.setItem(key, 'revoked');
    for (const key of Object.keys(localStorage)) if (key.endsWith('.accessToken')) localStorage.setItem(key, `${localStorage.getItem(key)}x`);
  });
  await page.reload();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  expect(new URL(page.url()).searchParams.get('next')).toBe(`/messages/${group}`);
});
