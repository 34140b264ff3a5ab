// What the page knows. Values are never changed in place, so that React sees what is new.
import type { Group, Message, User } from '../api/types';
import type { LiveState } from '../api/live';
import type { Outgoing } from '../logic/thread';
import type { ReadMarks } from '../logic/unread';

export type Loading = 'loading' | 'ready' | 'error';

/** A conversation by its uuid, or "@handle" while nothing was said in it. */
export type ThreadId = string;

export interface Thread {
  id: ThreadId;
  other: User | null;
  messages: readonly Message[];
  outgoing: readonly Outgoing[];
  /** Where older messages go on; null: this is the beginning. */
  before: string | null;
  /** "forbidden" is also what a conversation that does not exist answers; "nobody": no such handle; "oneself": mine. */
  status: Loading | 'forbidden' | 'nobody' | 'oneself';
  older: 'idle' | 'loading' | 'error';
  /** Once something was said under "@handle": the conversation it went to. */
  movedTo: string | null;
}

export interface Groups {
  items: readonly Group[];
  before: string | null;
  status: Loading;
  older: 'idle' | 'loading' | 'error';
}

export interface MailboxState {
  me: User | null;
  /** The token is good, but the directory does not know its user. */
  unlisted: boolean;
  groups: Groups;
  threads: ReadonlyMap<ThreadId, Thread>;
  marks: ReadMarks | null;
  connection: LiveState;
  /** The newest message of somebody else, to be announced. */
  heard: { message: Message; count: number } | null;
}

export const emptyThread = (id: ThreadId): Thread => ({
  id, other: null, messages: [], outgoing: [], before: null, status: 'loading', older: 'idle', movedTo: null,
});

export const emptyState: MailboxState = {
  me: null,
  unlisted: false,
  groups: { items: [], before: null, status: 'loading', older: 'idle' },
  threads: new Map(),
  marks: null,
  connection: 'connecting',
  heard: null,
};
