// Every page at desktop and phone width, in the light and in the dark: pictures into build/browser/pages, WCAG 2.2 AA by
// axe, nothing wider than the window, nothing that jumps while loading.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures';
import { signIn, somebody } from './support/people';
import type { Stack } from './support/stack';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = fileURLToPath(new URL('../../build/browser/pages/', import.meta.url));
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}

async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${pictures}${name}.png`, animations: 'disabled' });
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name}: too wide by`).toBeLessThanOrEqual(0);
  // A phone in the dark has the colours of the one and the layout of the other.
  if (name.endsWith('phone-dark')) return;
  await page.evaluate(axe);
  const found = await page.evaluate(async (rules) => {
    const checker = (window as unknown as { axe: { run(root: Document, options: unknown): Promise<{ violations: Violation[] }> } }).axe;
    return (await checker.run(document, { runOnly: rules })).violations;
  }, RULES);
  expect.soft(found.map(({ id, nodes }) => [id, nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`)]), name).toEqual([]);
}

// The sum of layout shifts since the page was opened, as browsers count them; below 0.1 is what they call good.
async function shifts(page: Page): Promise<number> {
  return page.evaluate(() => new Promise<number>((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => setTimeout(() => resolve(sum)));
  }));
}

const NORA = { ...somebody('Nora'), handle: 'nora', email: 'nora@example.com' };

async function forms(page: Page, stack: Stack, suffix: string): Promise<void> {
  const pages = { signin: 'Sign in', signup: 'Create an account', 'confirm?email=nora@example.com': 'Confirm your email', recover: 'Recover your password' };
  for (const [path, title] of Object.entries(pages)) {
    await page.goto(`${stack.page}/${path}`);
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await look(page, `${path.split('?')[0]}-${suffix}`);
    expect.soft(await shifts(page), path).toBeLessThan(0.02);
  }
  await page.goto(`${stack.page}/signup`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Please give a name.')).toBeVisible();
  await look(page, `signup-problem-${suffix}`);
}

async function inside(page: Page, stack: Stack, suffix: string): Promise<void> {
  const groups = page.getByRole('navigation', { name: /Conversations/ });
  await signIn(page, stack, NORA);
  await expect(groups.getByRole('link').first()).toBeVisible();
  await look(page, `messages-${suffix}`);
  await page.getByRole('button', { name: 'Your account' }).click();
  await look(page, `account-${suffix}`);
  await page.keyboard.press('Escape');

  await groups.getByRole('link', { name: /Teo/ }).click();
  await expect(page.locator('.bubble').last()).toBeInViewport();
  await look(page, `conversation-${suffix}`);
  await page.reload();
  await expect(page.locator('.bubble').last()).toBeInViewport();
  expect.soft(await shifts(page), 'conversation').toBeLessThan(0.02);
  await page.getByRole('textbox').fill('x '.repeat(530));
  await look(page, `conversation-too-long-${suffix}`);
  await page.route('**/api/messages', (route) => route.abort());
  await page.getByRole('textbox').fill('Will it arrive?');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Not sent yet')).toBeVisible();
  await look(page, `conversation-failed-${suffix}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.context().setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await look(page, `conversation-offline-${suffix}`);
  await page.context().setOffline(false);

  await page.goto(`${stack.page}/messages/new`);
  await page.getByRole('searchbox').fill('ma');
  await expect(page.getByRole('link', { name: /Malik/ }).first()).toBeVisible();
  await look(page, `search-${suffix}`);
  await page.getByRole('searchbox').fill('nobody at all');
  await expect(page.getByText('Nobody is called')).toBeVisible();
  await look(page, `search-nobody-${suffix}`);
  await page.goto(`${stack.page}/messages/00000000-0000-4000-8000-000000000000`);
  await expect(page.getByRole('heading', { name: 'This conversation is not yours' })).toBeVisible();
  await look(page, `forbidden-${suffix}`);
}

async function waiting(page: Page, stack: Stack, suffix: string): Promise<void> {
  await page.route('**/api/message*', () => undefined);
  await page.goto(`${stack.page}/messages`);
  await expect(page.getByText('Loading conversations')).toBeAttached();
  await look(page, `messages-loading-${suffix}`);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.route('**/api/message*', (route) => route.fulfill({ json: { message_groups: [], before: null } }));
  await page.reload();
  await expect(page.getByText('No conversations yet')).toBeVisible();
  await look(page, `messages-empty-${suffix}`);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

for (const [device, options] of Object.entries(DEVICES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${device}, ${colorScheme}`, async ({ stack, visitor }) => {
      test.setTimeout(180_000);
      const page = await visitor({ ...options, colorScheme });
      const suffix = `${device}-${colorScheme}`;
      await forms(page, stack, suffix);
      await inside(page, stack, suffix);
      await waiting(page, stack, suffix);
    });
  }
}
