import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Api, Refused, SignedOut, type Tokens, Unreachable } from './client';

let answers: (() => Response)[];
let sent: string[];
let refreshes: number;

const tokens: Tokens = {
  current: async () => 'old',
  refreshed: async () => {
    refreshes++;
    return 'new';
  },
};
const api = new Api(tokens);

const ok = () => Response.json({ uuid: 'u', display_name: 'Nora', handle: 'nora' });
const problem = (status: number, error: string) => () => Response.json({ error, message: `text of ${error}` }, { status });

beforeEach(() => {
  answers = [];
  sent = [];
  refreshes = 0;
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    sent.push(new Headers(init.headers).get('Authorization') ?? '');
    const answer = answers.shift();
    if (!answer) throw new TypeError('Failed to fetch');
    return answer();
  });
});
afterEach(() => void vi.unstubAllGlobals());

test('an expired token is refreshed and the call made again, unnoticed', async () => {
  answers = [problem(401, 'token_expired'), ok];
  await expect(api.me()).resolves.toMatchObject({ handle: 'nora' });
  expect(sent).toEqual(['Bearer old', 'Bearer new']);
  expect(refreshes).toBe(1);
});

test('once only: a fresh token that is refused, too, ends the session', async () => {
  answers = [problem(401, 'token_expired'), problem(401, 'token_expired'), ok];
  await expect(api.me()).rejects.toBeInstanceOf(SignedOut);
  expect(sent.length).toBe(2);
});

test('refusals carry their name and text and are not repeated', async () => {
  answers = [problem(403, 'not_a_member')];
  const error = await api.messages('g').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({ status: 403, code: 'not_a_member', message: 'text of not_a_member' });
  expect(sent.length).toBe(1);
});

test.each([
  ['no connection', undefined],
  ['503', problem(503, 'unavailable')],
  ['a proxy that answers for it', () => new Response('<html>', { status: 502 })],
  ['half an answer', () => new Response('{"uuid":')],
])('%s is worth another attempt', async (_what, answer) => {
  answers = answer ? [answer] : [];
  await expect(api.me()).rejects.toBeInstanceOf(Unreachable);
});
