// What was read on this device. The table keeps no such marks, so the browser does: until when each conversation was
// read, and a baseline, the newest message there was when this device was first used; nothing older counts as unread.
import type { Group } from '../api/types';

export interface ReadMarks {
  baseline: string;
  until: Readonly<Record<string, string>>;
}

export function firstMarks(groups: readonly Group[]): ReadMarks {
  const newest = groups.reduce((latest, group) => (group.last_message_at > latest ? group.last_message_at : latest), '');
  return { baseline: newest, until: {} };
}

export function isUnread(group: Group, marks: ReadMarks): boolean {
  return group.last_message_at > (marks.until[group.uuid] ?? marks.baseline);
}

/** The marks after the conversation was read until `at`; the same object when that says nothing new. */
export function readUntil(marks: ReadMarks, conversation: string, at: string): ReadMarks {
  if (at <= (marks.until[conversation] ?? marks.baseline)) return marks;
  return { ...marks, until: { ...marks.until, [conversation]: at } };
}

/** Marks of two tabs: the later of each. */
export function mergeMarks(a: ReadMarks, b: ReadMarks): ReadMarks {
  let merged: ReadMarks = a.baseline >= b.baseline ? a : { ...b, until: a.until };
  for (const [conversation, at] of Object.entries(b.until)) merged = readUntil(merged, conversation, at);
  return merged;
}

const key = (user: string) => `cruddur.read.${user}`;

export function loadMarks(storage: Storage, user: string): ReadMarks | null {
  try {
    const value = JSON.parse(storage.getItem(key(user)) ?? 'null') as Partial<ReadMarks> | null;
    if (typeof value?.baseline !== 'string' || typeof value.until !== 'object' || value.until === null) return null;
    return { baseline: value.baseline, until: value.until };
  } catch {
    return null;
  }
}

export function saveMarks(storage: Storage, user: string, marks: ReadMarks): void {
  try {
    storage.setItem(key(user), JSON.stringify(marks));
  } catch {
    // A full or forbidden storage: the marks last as long as the page.
  }
}

export function isMarksOf(user: string, storageKey: string | null): boolean {
  return storageKey === key(user);
}
