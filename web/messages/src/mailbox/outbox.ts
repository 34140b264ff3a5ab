// Messages on their way: shown at once, sent one after another for each conversation, kept with a button to try again
// when that fails, tried again by themselves when the connection is back. A message has its uuid from the start, so one
// whose answer was lost is recognised and written once only.
import { type Api, Refused, tell } from '../api/client';
import type { Message, NewMessage } from '../api/types';
import type { Outgoing } from '../logic/thread';
import type { Thread, ThreadId } from './state';

export interface OutboxHost {
  thread(id: ThreadId): Thread;
  change(id: ThreadId, change: Partial<Thread>): void;
  /** `message` is written; it was sent under `id`. */
  stored(id: ThreadId, message: Message): void;
  failed(error: unknown): void;
}

export class Outbox {
  private readonly busy = new Set<ThreadId>();

  constructor(
    private readonly api: Api,
    private readonly host: OutboxHost,
  ) {}

  send(id: ThreadId, message: string): void {
    const created_at = new Date().toISOString();
    const one: Outgoing = { uuid: newUuid(), message, created_at, state: 'sending', again: true, retry: false };
    this.host.change(id, { outgoing: [...this.host.thread(id).outgoing, one] });
    void this.work(id);
  }

  sendAgain(id: ThreadId, uuid: string): void {
    this.patch(id, (one) => one.uuid === uuid && one.state === 'failed', { state: 'sending', retry: true });
    void this.work(id);
  }

  /** What failed because nobody answered; not what was refused. */
  sendAllAgain(ids: readonly ThreadId[]): void {
    for (const id of ids) {
      if (!this.host.thread(id).outgoing.some((one) => one.state === 'failed' && one.again)) continue;
      this.patch(id, (one) => one.state === 'failed' && one.again, { state: 'sending', retry: true });
      void this.work(id);
    }
  }

  discard(id: ThreadId, uuid: string): void {
    this.host.change(id, { outgoing: this.host.thread(id).outgoing.filter((one) => one.uuid !== uuid) });
  }

  private async work(id: ThreadId): Promise<void> {
    if (this.busy.has(id)) return;
    this.busy.add(id);
    try {
      for (let next = this.next(id); next !== undefined; next = this.next(id)) await this.post(id, next);
    } finally {
      this.busy.delete(id);
    }
    const { movedTo, outgoing } = this.host.thread(id);
    if (movedTo !== null && outgoing.length === 0) void this.work(movedTo);
  }

  private next(id: ThreadId): Outgoing | undefined {
    return this.host.thread(id).outgoing.find((one) => one.state === 'sending');
  }

  private async post(id: ThreadId, one: Outgoing): Promise<void> {
    try {
      this.host.stored(id, await this.api.post(request(this.host.thread(id), one)));
    } catch (error) {
      this.host.failed(error);
      if (error instanceof Refused) {
        this.patch(id, ({ uuid }) => uuid === one.uuid, { state: 'failed', again: false, reason: error.message });
      } else {
        // What waits behind it would arrive before it: all of them wait for another attempt.
        this.patch(id, ({ state }) => state === 'sending', { state: 'failed', reason: tell(error) });
        this.patch(id, ({ uuid }) => uuid === one.uuid, { retry: true });
      }
    }
  }

  private patch(id: ThreadId, which: (one: Outgoing) => boolean, change: Partial<Outgoing>): void {
    const outgoing = this.host.thread(id).outgoing.map((one) => (which(one) ? { ...one, ...change } : one));
    this.host.change(id, { outgoing });
  }
}

function request(thread: Thread, { message, uuid, retry }: Outgoing): NewMessage {
  const body = { message, uuid, ...(retry ? { retry } : {}) };
  if (!thread.id.startsWith('@')) return { ...body, message_group_uuid: thread.id };
  return thread.movedTo === null ? { ...body, handle: thread.id.slice(1) } : { ...body, message_group_uuid: thread.movedTo };
}

// Pages served over plain HTTP from another machine have no crypto.randomUUID.
function newUuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
