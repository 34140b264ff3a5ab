import { expect, test } from 'vitest';
import type { Group } from '../api/types';
import { mergeGroups, withMessage } from './groups';
import { firstMarks, isMarksOf, isUnread, loadMarks, mergeMarks, readUntil, saveMarks } from './unread';

function group(uuid: string, last_message_at: string, message = ''): Group {
  return { uuid, last_message_at, created_at: last_message_at, message, user_uuid: `user-${uuid}`, display_name: uuid, handle: uuid };
}

test('the conversation spoken in last is first, each stands once', () => {
  const merged = mergeGroups([group('a', '2026-01-01'), group('b', '2026-01-03')], [group('a', '2026-01-05'), group('c', '2026-01-04')]);
  expect(merged.map((one) => one.uuid)).toEqual(['a', 'c', 'b']);
});

test('an old page does not undo a new message', () => {
  expect(mergeGroups([group('a', '2026-01-05', 'new')], [group('a', '2026-01-01', 'old')])).toMatchObject([{ message: 'new' }]);
});

test('a message moves its conversation up, or begins one', () => {
  const other = { uuid: 'user-b', display_name: 'B', handle: 'b' };
  const message = { uuid: 'm', message_group_uuid: 'b', user_uuid: 'user-b', display_name: 'B', handle: 'b', message: 'hi', created_at: '2026-01-09' };
  expect(withMessage([group('a', '2026-01-05'), group('b', '2026-01-03')], message, other)).toMatchObject([{ uuid: 'b', message: 'hi' }, { uuid: 'a' }]);
  expect(withMessage([], message, other)).toMatchObject([{ uuid: 'b', handle: 'b', last_message_at: '2026-01-09' }]);
});

test('on a new device nothing is unread until something arrives', () => {
  const marks = firstMarks([group('a', '2026-01-05'), group('b', '2026-01-03')]);
  expect(isUnread(group('a', '2026-01-05'), marks)).toBe(false);
  expect(isUnread(group('b', '2026-01-03'), marks)).toBe(false);
  expect(isUnread(group('b', '2026-01-06'), marks)).toBe(true);
  expect(isUnread(group('new', '2026-01-06'), firstMarks([]))).toBe(true);
});

test('reading goes forward only', () => {
  const marks = readUntil(firstMarks([group('a', '2026-01-05')]), 'a', '2026-01-08');
  expect(isUnread(group('a', '2026-01-08'), marks)).toBe(false);
  expect(readUntil(marks, 'a', '2026-01-07')).toBe(marks);
  expect(isUnread(group('a', '2026-01-09'), marks)).toBe(true);
});

test('two tabs: what one has read is read', () => {
  const base = firstMarks([group('a', '2026-01-05')]);
  const merged = mergeMarks(readUntil(base, 'a', '2026-01-08'), readUntil(base, 'b', '2026-01-09'));
  expect(merged.until).toEqual({ a: '2026-01-08', b: '2026-01-09' });
});

class Memory {
  private readonly values = new Map<string, string>();
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.values.set(key, value);
}

test('marks are kept for each user; nonsense in the storage counts as none', () => {
  const storage = new Memory() as unknown as Storage;
  const marks = readUntil(firstMarks([]), 'a', '2026-01-08');
  saveMarks(storage, 'nora', marks);
  expect(loadMarks(storage, 'nora')).toEqual(marks);
  expect(loadMarks(storage, 'teo')).toBeNull();
  for (const bad of ['', '{', 'null', '7', '{"baseline":1}', '{"baseline":"","until":null}']) {
    storage.setItem('cruddur.read.malik', bad);
    expect(loadMarks(storage, 'malik')).toBeNull();
  }
  expect(isMarksOf('nora', 'cruddur.read.nora')).toBe(true);
});
