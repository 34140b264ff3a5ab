import { beforeEach, expect, test, vi } from 'vitest';
import { type Api, Refused, SignedOut, Unreachable } from '../api/client';
import type { Group, Message, MessagePage, NewMessage, User } from '../api/types';
import { Mailbox } from './mailbox';

const NORA: User = { uuid: 'nora-id', display_name: 'Nora', handle: 'nora' };
const TEO: User = { uuid: 'teo-id', display_name: 'Teo', handle: 'teo' };
const PAGE = 3;

// A back end with one conversation of Nora and Teo, whose answers can be made to fail, and whose stream is a pipe.
class FakeBackEnd {
  stored: Message[] = [];
  posts: NewMessage[] = [];
  streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  fail: ((call: string) => Error | null) | null = null;
  loseAnswer = false;

  write(from: User, text: string, uuid = `m${this.stored.length}`): Message {
    const created_at = new Date(Date.UTC(2026, 0, 1, 0, this.stored.length)).toISOString();
    const message = { uuid, message_group_uuid: 'g', user_uuid: from.uuid, display_name: from.display_name, handle: from.handle, message: text, created_at };
    this.stored.push(message);
    return message;
  }

  push(type: string, data: unknown): void {
    this.streams.at(-1)?.enqueue(new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`));
  }

  cut(): void {
    this.streams.at(-1)?.error(new TypeError('network'));
  }

  private check(call: string): void {
    const error = this.fail?.(call);
    if (error) throw error;
  }

  me = async () => (this.check('me'), NORA);
  user = async (handle: string) => (this.check('user'), handle === 'teo' ? TEO : refuse('user_not_found', 404));
  search = async () => [];

  groups = async () => {
    this.check('groups');
    const last = this.stored.at(-1);
    const group: Group[] = last
      ? [{ uuid: 'g', user_uuid: TEO.uuid, display_name: 'Teo', handle: 'teo', message: last.message, created_at: last.created_at, last_message_at: last.created_at }]
      : [];
    return { message_groups: group, before: null };
  };

  messages = async (group: string, before?: string): Promise<MessagePage> => {
    this.check('messages');
    if (group !== 'g') refuse('not_a_member', 403);
    const end = before === undefined ? this.stored.length : Number(before);
    const from = Math.max(0, end - PAGE);
    return { message_group_uuid: 'g', other: TEO, messages: this.stored.slice(from, end), before: from === 0 ? null : String(from) };
  };

  post = async (message: NewMessage): Promise<Message> => {
    this.posts.push(message);
    this.check('post');
    const stored = this.stored.find((one) => one.uuid === message.uuid) ?? this.write(NORA, message.message, message.uuid);
    if (this.loseAnswer) throw new Unreachable('lost');
    return stored;
  };

  live = async () => {
    this.check('live');
    return new Response(new ReadableStream({ start: (controller) => void this.streams.push(controller) }));
  };
}

function refuse(code: string, status: number): never {
  throw new Refused(status, code, code);
}

let backEnd: FakeBackEnd;
let mailbox: Mailbox;
let signedOut: ReturnType<typeof vi.fn>;

beforeEach(() => {
  vi.stubGlobal('navigator', { onLine: true });
  const values = new Map<string, string>();
  const storage = { getItem: (key: string) => values.get(key) ?? null, setItem: (key: string, value: string) => values.set(key, value) };
  backEnd = new FakeBackEnd();
  signedOut = vi.fn();
  mailbox = new Mailbox(backEnd as unknown as Api, storage as unknown as Storage, signedOut as () => void);
  return () => mailbox.stop();
});

const texts = (id: string) => mailbox.thread(id).messages.map((message) => message.message);
const waiting = (id: string) => mailbox.thread(id).outgoing.map(({ message, state }) => `${message}: ${state}`);

async function started(messages: number): Promise<void> {
  for (let n = 0; n < messages; n++) backEnd.write(TEO, `t${n}`);
  mailbox.start();
  await vi.waitFor(() => expect(backEnd.streams.length).toBe(1));
  backEnd.push('ready', {});
  await vi.waitFor(() => expect(mailbox.state).toMatchObject({ connection: 'live', me: NORA, groups: { status: 'ready' } }));
}

test('pages join with what arrives meanwhile', async () => {
  await started(8);
  await mailbox.open('g');
  expect(texts('g')).toEqual(['t5', 't6', 't7']);
  backEnd.push('message', { ...backEnd.write(TEO, 'live'), other: TEO });
  await vi.waitFor(() => expect(texts('g')).toContain('live'));
  await mailbox.loadOlder('g');
  await mailbox.loadOlder('g');
  expect(texts('g')).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 'live']);
  expect(mailbox.thread('g').before).toBeNull();
  expect(mailbox.state.groups.items[0]?.message).toBe('live');
});

test('a message is shown at once and stands once when its event overtakes its answer', async () => {
  await started(1);
  await mailbox.open('g');
  mailbox.send('g', 'hello');
  expect(waiting('g')).toEqual(['hello: sending']);
  const uuid = mailbox.thread('g').outgoing[0]?.uuid;
  backEnd.push('message', { ...backEnd.write(NORA, 'hello', uuid), other: TEO });
  await vi.waitFor(() => expect(waiting('g')).toEqual([]));
  expect(texts('g')).toEqual(['t0', 'hello']);
});

test('messages arrive in the order in which they were written', async () => {
  await started(1);
  await mailbox.open('g');
  for (const text of ['a', 'b', 'c']) mailbox.send('g', text);
  await vi.waitFor(() => expect(waiting('g')).toEqual([]));
  expect(texts('g')).toEqual(['t0', 'a', 'b', 'c']);
});

test('what nobody answers waits, all in order, and is sent once when the connection is back', async () => {
  await started(1);
  await mailbox.open('g');
  backEnd.loseAnswer = true;
  mailbox.send('g', 'a');
  mailbox.send('g', 'b');
  await vi.waitFor(() => expect(waiting('g')).toEqual(['a: failed', 'b: failed']));
  backEnd.loseAnswer = false;
  backEnd.push('reload', {});
  await vi.waitFor(() => expect(waiting('g')).toEqual([]));
  expect(texts('g')).toEqual(['t0', 'a', 'b']);
  expect(backEnd.stored.map((message) => message.message)).toEqual(['t0', 'a', 'b']);
});

test('sending again says that it is a repetition; what was refused is not sent again', async () => {
  await started(1);
  await mailbox.open('g');
  backEnd.fail = (call) => (call === 'post' ? new Unreachable('down') : null);
  mailbox.send('g', 'a');
  await vi.waitFor(() => expect(waiting('g')).toEqual(['a: failed']));
  backEnd.fail = (call) => (call === 'post' ? new Refused(422, 'message_blank', 'It is blank.') : null);
  mailbox.sendAgain('g', mailbox.thread('g').outgoing[0]?.uuid ?? '');
  await vi.waitFor(() => expect(mailbox.thread('g').outgoing[0]).toMatchObject({ state: 'failed', again: false, reason: 'It is blank.' }));
  expect(backEnd.posts.map((post) => post.retry ?? false)).toEqual([false, true]);
  backEnd.push('reload', {});
  mailbox.discard('g', mailbox.thread('g').outgoing[0]?.uuid ?? '');
  expect(waiting('g')).toEqual([]);
  expect(backEnd.posts.length).toBe(2);
});

test('after a gap everything is there, even when the gap is longer than a page', async () => {
  await started(4);
  await mailbox.open('g');
  for (let n = 0; n < 7; n++) backEnd.write(TEO, `missed${n}`);
  backEnd.cut();
  await vi.waitFor(() => expect(backEnd.streams.length).toBe(2), 3000);
  backEnd.push('ready', {});
  await vi.waitFor(() => expect(texts('g').length).toBe(10));
  expect(texts('g')).toEqual(['t1', 't2', 't3', ...Array.from({ length: 7 }, (_, n) => `missed${n}`)]);
});

test('the first message to somebody opens the conversation', async () => {
  await started(0);
  await mailbox.open('@teo');
  expect(mailbox.thread('@teo')).toMatchObject({ status: 'ready', other: TEO, movedTo: null });
  mailbox.send('@teo', 'first');
  mailbox.send('@teo', 'second');
  await vi.waitFor(() => expect(texts('g')).toEqual(['first', 'second']));
  expect(mailbox.thread('@teo')).toMatchObject({ movedTo: 'g', outgoing: [] });
  expect(backEnd.posts).toMatchObject([{ handle: 'teo' }, { message_group_uuid: 'g' }]);
  expect(mailbox.state.groups.items).toMatchObject([{ uuid: 'g', message: 'second' }]);
});

test('whom one writes with already, oneself, nobody, not mine', async () => {
  await started(1);
  await mailbox.open('@teo');
  expect(mailbox.thread('@teo').movedTo).toBe('g');
  await mailbox.open('@nobody');
  expect(mailbox.thread('@nobody').status).toBe('nobody');
  await mailbox.open('other');
  expect(mailbox.thread('other').status).toBe('forbidden');
  backEnd.user = async () => NORA as never;
  await mailbox.open('@nora');
  expect(mailbox.thread('@nora').status).toBe('oneself');
});

test('what does not load says so and loads with the next connection', async () => {
  backEnd.fail = (call) => (call === 'live' ? null : new Unreachable('down'));
  backEnd.write(TEO, 't0');
  mailbox.start();
  await mailbox.open('g');
  expect(mailbox.thread('g').status).toBe('error');
  await vi.waitFor(() => expect(mailbox.state.groups.status).toBe('error'));
  backEnd.fail = null;
  backEnd.cut();
  await vi.waitFor(() => expect(texts('g')).toEqual(['t0']), 3000);
  await vi.waitFor(() => expect(mailbox.state).toMatchObject({ me: NORA, groups: { status: 'ready' } }));
});

test('what does not load while the stream stays open is tried again after a while', async () => {
  vi.useFakeTimers();
  try {
    await started(1);
    backEnd.fail = (call) => (call === 'live' ? null : new Unreachable('down'));
    await mailbox.open('g');
    mailbox.send('g', 'hello');
    await vi.advanceTimersByTimeAsync(100);
    expect(mailbox.thread('g').status).toBe('error');
    backEnd.fail = null;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(texts('g')).toEqual(['t0', 'hello']);
  } finally {
    vi.useRealTimers();
  }
});

test('the end of the session is told; an unknown account, too', async () => {
  backEnd.fail = (call) => (call === 'me' ? new Refused(403, 'user_not_in_directory', 'no') : null);
  mailbox.start();
  await vi.waitFor(() => expect(mailbox.state.unlisted).toBe(true));
  expect(signedOut).not.toHaveBeenCalled();
  backEnd.fail = () => new SignedOut();
  await mailbox.loadGroups();
  expect(signedOut).toHaveBeenCalled();
});
