// A long conversation.
import type { Locator } from '@playwright/test';
import { expect, test } from './support/fixtures';
import { Caller, member, signIn } from './support/people';

const COUNT = 500;

function numbers(texts: string[]): number[] {
  return texts.map((text) => Number(/message (\d+)/.exec(text)?.[1]));
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

// Where a row stands in the window.
async function topOf(row: Locator): Promise<number> {
  const box = await row.boundingBox();
  if (!box) throw new Error('it is not there');
  return box.y;
}

// Goes up to where more is read, and says where one of the rows in sight stands then.
function scrollUp(box: Element): { count: number; text: string; top: number } {
  box.scrollTo(0, 300);
  const bubbles = [...box.querySelectorAll<HTMLElement>('.bubble')];
  const seen = bubbles.find((bubble) => bubble.getBoundingClientRect().top > 200);
  return { count: bubbles.length, text: seen?.innerText ?? '', top: seen?.getBoundingClientRect().top ?? 0 };
}

test('scroll back through 500 messages; what one looks at stays in its place', async ({ stack, visitor }) => {
  test.setTimeout(120_000);
  const [ana, ben] = [await member(stack, 'Ana'), await member(stack, 'Ben')];
  const byBen = await Caller.of(stack, ben);
  const group = await byBen.sayMany(ana.handle, COUNT);
  const page = await visitor();
  await signIn(page, stack, ana, `/messages/${group}`);
  const history = page.getByRole('region', { name: 'Messages' });
  const bubbles = history.locator('.bubble');
  await expect(bubbles.last()).toHaveText(`message ${COUNT}`);
  await expect(bubbles.last()).toBeInViewport();

  await history.hover();
  let moved = 0;
  while (!(await history.getByText(`This is where you and ${ben.name} began.`).isVisible())) {
    const { count, text, top } = await history.evaluate(scrollUp);
    await expect.poll(() => bubbles.count()).toBeGreaterThan(count);
    moved = Math.max(moved, Math.abs((await topOf(bubbles.getByText(text, { exact: true }))) - top));
  }
  expect(moved).toBeLessThanOrEqual(1);
  expect(numbers(await bubbles.allInnerTexts())).toEqual(range(1, COUNT));

  await byBen.say({ message_group_uuid: group }, 'message 501');
  const newer = page.getByRole('button', { name: 'New messages' });
  await expect(newer).toBeVisible();
  await expect(bubbles.last()).not.toBeInViewport();
  await newer.click();
  await expect(bubbles.last()).toBeInViewport();
  await expect(newer).toHaveCount(0);
});

test('reading on by keyboard alone', async ({ stack, visitor }) => {
  const [ana, ben] = [await member(stack, 'Ana'), await member(stack, 'Ben')];
  const group = await (await Caller.of(stack, ben)).sayMany(ana.handle, 60);
  const page = await visitor();
  await signIn(page, stack, ana);
  await page.getByRole('link', { name: /Ben/ }).press('Enter');
  await expect(page).toHaveURL(`${stack.page}/messages/${group}`);
  await expect(page.getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  const history = page.getByRole('region', { name: 'Messages' });
  if (!(await history.evaluate((box) => box === document.activeElement))) await page.keyboard.press('Shift+Tab');
  await expect(history).toBeFocused();
  await page.keyboard.press('Home');
  await expect(history.getByText('message 1', { exact: true })).toBeAttached();
});
