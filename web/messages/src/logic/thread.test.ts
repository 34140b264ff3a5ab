import { expect, test } from 'vitest';
import type { Message } from '../api/types';
import { mergeMessages, type MessageRow, type Outgoing, rowsOf, touches, withoutStored } from './thread';

const OTHER = 'teo-uuid';

function message(uuid: string, created_at: string, user_uuid = OTHER): Message {
  return { uuid, created_at, user_uuid, message_group_uuid: 'g', display_name: 'Teo', handle: 'teo', message: `text of ${uuid}` };
}

function outgoing(uuid: string, created_at: string, state: Outgoing['state'] = 'sending'): Outgoing {
  return { uuid, created_at, state, message: `text of ${uuid}`, again: true, retry: false };
}

const at = (minute: number, day = 15) => `2026-01-${day}T12:${String(minute).padStart(2, '0')}:00+00:00`;

test('pages, live messages and repetitions become one list in order', () => {
  const page = [message('b', at(2)), message('c', at(3))];
  const older = [message('a', at(1)), message('b', at(2))];
  const merged = mergeMessages(mergeMessages(page, older), [message('d', at(4)), message('c', at(3))]);
  expect(merged.map((one) => one.uuid)).toEqual(['a', 'b', 'c', 'd']);
});

test('any order of arrival gives the same list', () => {
  const all = Array.from({ length: 30 }, (_, n) => message(`m${n}`, at(Math.floor(n / 3))));
  const sorted = mergeMessages([], all);
  for (let round = 1; round < 20; round++) {
    const shuffled = all.map((one, n) => ({ one, order: (n * 7919 * round) % 31 })).sort((a, b) => a.order - b.order).map(({ one }) => one);
    const cut = round % shuffled.length;
    expect(mergeMessages(mergeMessages([], shuffled.slice(0, cut)), shuffled.slice(cut))).toEqual(sorted);
  }
});

test('nothing new leaves the very same list, so nothing is drawn again', () => {
  const known = mergeMessages([], [message('a', at(1))]);
  expect(mergeMessages(known, [message('a', at(1))])).toBe(known);
  const waiting = [outgoing('x', at(2))];
  expect(withoutStored(waiting, known)).toBe(waiting);
});

test('times with and without a fraction sort as the moments do', () => {
  const merged = mergeMessages([], [message('b', '2026-01-15T12:00:00.000001+00:00'), message('a', '2026-01-15T12:00:00+00:00')]);
  expect(merged.map((one) => one.uuid)).toEqual(['a', 'b']);
});

test('what is stored is no longer on its way', () => {
  expect(withoutStored([outgoing('x', at(1)), outgoing('y', at(2))], [message('x', at(1), 'me')])).toMatchObject([{ uuid: 'y' }]);
});

test('a page that shares nothing with what is known leaves a hole', () => {
  const known = [message('a', at(1)), message('b', at(2))];
  expect(touches(known, [message('b', at(2)), message('c', at(3))])).toBe(true);
  expect(touches(known, [message('d', at(4))])).toBe(false);
  expect(touches([], [message('d', at(4))])).toBe(true);
});

const messagesOf = (rows: ReturnType<typeof rowsOf>) => rows.filter((row): row is MessageRow => row.kind === 'message');

test('a row for each day, before its first message', () => {
  const rows = rowsOf([message('a', at(1, 14)), message('b', at(2, 14)), message('c', at(1, 15))], [], OTHER);
  expect(rows.map((row) => (row.kind === 'day' ? 'day' : row.key))).toEqual(['day', 'a', 'b', 'day', 'c']);
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
});

test('runs end with another person, after five minutes, with the day', () => {
  const rows = messagesOf(rowsOf([message('a', at(1)), message('b', at(3)), message('c', at(3), 'me'), message('d', at(4)), message('e', at(20))], [], OTHER));
  expect(rows.map((row) => [row.key, row.first, row.last, row.mine])).toEqual([
    ['a', true, false, false], ['b', false, true, false], ['c', true, true, true], ['d', true, true, false], ['e', true, true, false],
  ]);
});

test('what is on its way stands at the end; what failed stands alone', () => {
  const rows = messagesOf(rowsOf([message('a', at(5), 'me')], [outgoing('x', at(5), 'failed'), outgoing('y', at(5))], OTHER));
  expect(rows.map((row) => [row.key, row.first, row.last, row.outgoing?.state])).toEqual([
    ['a', true, true, undefined], ['x', true, true, 'failed'], ['y', true, true, 'sending'],
  ]);
});
