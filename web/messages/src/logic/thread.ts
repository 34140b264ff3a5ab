// One conversation: what the server has stored, what is on its way there, and how both become rows on the screen.
// Everything here is a pure function. Messages are ordered by created_at, oldest first, and stand once each.
import type { Message } from '../api/types';
import { dayKey } from './time';

/** A message of ours that the server has not confirmed. Its uuid is made here and stays when it is sent again. */
export interface Outgoing {
  uuid: string;
  message: string;
  created_at: string;
  state: 'sending' | 'failed';
  /** Why it failed, for people. */
  reason?: string;
  /** False when sending it again cannot help: the server has refused the text. */
  again: boolean;
  /** It was sent before and may have been written. */
  retry: boolean;
}

function before(a: Message, b: Message): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0;
}

/** Both lists as one; a message that is in both comes from `more`. Returns `known` itself when nothing is new. */
export function mergeMessages(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const byId = new Map(known.map((message) => [message.uuid, message]));
  let changed = false;
  for (const message of more) {
    const old = byId.get(message.uuid);
    if (old && old.created_at === message.created_at && old.message === message.message) continue;
    byId.set(message.uuid, message);
    changed = true;
  }
  return changed ? [...byId.values()].sort(before) : known;
}

/** What is still on its way once `messages` are known to be stored. */
export function withoutStored(outgoing: readonly Outgoing[], messages: readonly Message[]): readonly Outgoing[] {
  if (outgoing.length === 0) return outgoing;
  const stored = new Set(messages.map((message) => message.uuid));
  return outgoing.some((one) => stored.has(one.uuid)) ? outgoing.filter((one) => !stored.has(one.uuid)) : outgoing;
}

/** Whether a freshly read newest page leaves no hole between it and what was known. */
export function touches(known: readonly Message[], page: readonly Message[]): boolean {
  if (known.length === 0 || page.length === 0) return true;
  const ids = new Set(known.map((message) => message.uuid));
  return page.some((message) => ids.has(message.uuid));
}

export interface DayRow {
  kind: 'day';
  key: string;
  created_at: string;
}

export interface MessageRow {
  kind: 'message';
  key: string;
  mine: boolean;
  text: string;
  created_at: string;
  /** The first, the last of a run: messages of one person within a few minutes. */
  first: boolean;
  last: boolean;
  outgoing?: Outgoing;
}

export type Row = DayRow | MessageRow;

const RUN_MS = 5 * 60_000;

function sameRun(a: MessageRow | undefined, b: MessageRow | undefined): boolean {
  if (!a || !b || a.mine !== b.mine || dayKey(a.created_at) !== dayKey(b.created_at)) return false;
  if (a.outgoing?.state === 'failed' || b.outgoing?.state === 'failed') return false;
  return Math.abs(Date.parse(b.created_at) - Date.parse(a.created_at)) < RUN_MS;
}

/** Stored messages in their order, then what is on its way, with a row where a new local day begins. What is not the
 * other person's is mine. */
export function rowsOf(messages: readonly Message[], outgoing: readonly Outgoing[], other: string): Row[] {
  const row = (mine: boolean, one: Message | Outgoing): MessageRow => ({
    kind: 'message', key: one.uuid, mine, text: one.message, created_at: one.created_at, first: true, last: true,
  });
  const all = messages.map((message) => row(message.user_uuid !== other, message));
  for (const one of outgoing) all.push({ ...row(true, one), outgoing: one });
  const rows: Row[] = [];
  let day = '';
  all.forEach((one, index) => {
    one.first = !sameRun(all[index - 1], one);
    one.last = !sameRun(one, all[index + 1]);
    const key = dayKey(one.created_at);
    if (key !== day) rows.push({ kind: 'day', key: `day-${key}`, created_at: one.created_at });
    day = key;
    rows.push(one);
  });
  return rows;
}
