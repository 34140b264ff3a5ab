// Two people, two browsers.
import { expect, test } from './support/fixtures';
import { Caller, member, signIn } from './support/people';

test('find somebody, start a conversation, write to and fro; each sees the other arrive', async ({ stack, visitor }) => {
  const [ana, ben] = [await member(stack, 'Ana'), await member(stack, 'Ben')];
  const [left, right] = [await visitor(), await visitor()];
  await signIn(right, stack, ben);
  await expect(right.getByText('No conversations yet')).toBeVisible();
  await signIn(left, stack, ana);

  await left.getByRole('link', { name: 'New message' }).first().click();
  await left.getByRole('searchbox', { name: 'Search people' }).fill(ben.handle);
  await left.getByRole('link', { name: ben.handle }).click();
  await expect(left.getByText(`Say hello to ${ben.name}.`)).toBeVisible();
  await left.keyboard.type('Hello Ben! <b>Not bold</b> & 🎉');
  await left.keyboard.press('Enter');
  await expect(left.getByRole('region', { name: 'Messages' })).toContainText('Hello Ben!');
  await expect(left).toHaveURL(/\/messages\/[0-9a-f-]{36}$/);

  const group = right.getByRole('link', { name: /Ana/ });
  await expect(group).toContainText('Unread');
  await expect(right).toHaveTitle(/^\(1\)/);
  await group.click();
  await expect(right.getByRole('region', { name: 'Messages' })).toContainText('Hello Ben! <b>Not bold</b> & 🎉');
  await expect(group).not.toContainText('Unread');
  await expect(right).toHaveURL(new URL(left.url()).href);

  for (const [from, to, text] of [[right, left, 'Hello Ana!'], [left, right, 'How are you?'], [right, left, 'Fine.\nAnd you?']] as const) {
    await from.getByRole('textbox').fill(text);
    await from.getByRole('button', { name: 'Send' }).click();
    await expect(to.getByRole('listitem').filter({ hasText: text }).first()).toBeVisible();
    await expect(from.getByText('Sending…')).toHaveCount(0);
  }
  for (const page of [left, right]) {
    await expect(page.locator('.message .bubble')).toHaveText(['Hello Ben! <b>Not bold</b> & 🎉', 'Hello Ana!', 'How are you?', /Fine\.\s+And you\?/]);
    await page.reload();
    await expect(page.locator('.message .bubble')).toHaveCount(4);
  }
});

test('a start with somebody one writes with already opens that conversation', async ({ stack, visitor }) => {
  const [ana, ben] = [await member(stack, 'Ana'), await member(stack, 'Ben')];
  const group = await (await Caller.of(stack, ben)).say({ handle: ana.handle }, 'I was first.');
  const page = await visitor();
  await signIn(page, stack, ana, `/messages/new/${ben.handle}`);
  await expect(page).toHaveURL(`${stack.page}/messages/${group}`);
  await expect(page.locator('.bubble')).toHaveText('I was first.');
});

test('the newest conversation is on top; what one has not seen is marked until one has', async ({ stack, visitor }) => {
  const [ana, ben, cem] = [await member(stack, 'Ana'), await member(stack, 'Ben'), await member(stack, 'Cem')];
  const [byBen, byCem] = [await Caller.of(stack, ben), await Caller.of(stack, cem)];
  await byBen.say({ handle: ana.handle }, 'from Ben');
  await byCem.say({ handle: ana.handle }, 'from Cem');
  const page = await visitor();
  await signIn(page, stack, ana);
  const groups = page.getByRole('navigation', { name: /Conversations/ }).getByRole('link');
  await expect(groups).toHaveText([/Cem/, /Ben/]);
  await expect(page.getByText('Unread')).toHaveCount(0);
  await byBen.say({ handle: ana.handle }, 'again');
  await expect(groups).toHaveText([/Ben.*again.*Unread/, /Cem/]);
  await page.reload();
  await expect(groups.first()).toContainText('Unread');
  await groups.first().click();
  await expect(page.getByText('Unread')).toHaveCount(0);
  await page.reload();
  await expect(groups.first()).toContainText('again');
  await expect(page.getByText('Unread')).toHaveCount(0);
});

test("somebody else's conversation, one that does not exist, nobody, oneself", async ({ stack, visitor }) => {
  const [ana, ben, eve] = [await member(stack, 'Ana'), await member(stack, 'Ben'), await member(stack, 'Eve')];
  const group = await (await Caller.of(stack, ana)).say({ handle: ben.handle }, 'a secret');
  const page = await visitor();
  await signIn(page, stack, eve, `/messages/${group}`);
  await expect(page.getByRole('heading', { name: 'This conversation is not yours' })).toBeVisible();
  await expect(page.getByText('a secret')).toHaveCount(0);
  await expect(page.getByRole('textbox')).toHaveCount(0);
  for (const uuid of ['00000000-0000-4000-8000-000000000000', 'not-a-uuid']) {
    await page.goto(`${stack.page}/messages/${uuid}`);
    await expect(page.getByRole('heading', { name: 'This conversation is not yours' })).toBeVisible();
  }
  await page.goto(`${stack.page}/messages/new/nobody-at-all`);
  await expect(page.getByRole('heading', { name: 'Nobody is called @nobody-at-all' })).toBeVisible();
  await page.goto(`${stack.page}/messages/new/${eve.handle}`);
  await expect(page.getByRole('heading', { name: 'That is you' })).toBeVisible();
});

test('1,024 characters can be sent, blanks and 1,025 cannot', async ({ stack, visitor }) => {
  const [ana, ben] = [await member(stack, 'Ana'), await member(stack, 'Ben')];
  const page = await visitor();
  await signIn(page, stack, ana, `/messages/new/${ben.handle}`);
  const box = page.getByRole('textbox', { name: `Message to ${ben.name}` });
  const send = page.getByRole('button', { name: 'Send' });
  await expect(box).toHaveAccessibleDescription('1,024 characters left');
  await box.fill(' \n ');
  await expect(send).toBeDisabled();
  await box.fill('🎉'.repeat(1025));
  await expect(box).toHaveAccessibleDescription('-1 characters left');
  await expect(send).toBeDisabled();
  await box.fill('🎉'.repeat(1024));
  await expect(box).toHaveAccessibleDescription('0 characters left');
  await box.press('Enter');
  await expect(page.locator('.bubble')).toHaveText('🎉'.repeat(1024));
  await expect(page).toHaveURL(/\/messages\/[0-9a-f-]{36}$/);
  await page.reload();
  await expect(page.locator('.bubble')).toHaveText('🎉'.repeat(1024));
});
