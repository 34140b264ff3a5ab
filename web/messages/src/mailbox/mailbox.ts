// The conversations of the person signed in: read in pages, kept up to date by the live stream, written to.
// After every gap of the stream the newest pages are read again, so nothing stays missing.
import { type Api, Refused, SignedOut, Unreachable } from '../api/client';
import { Live } from '../api/live';
import type { ServerEvent } from '../api/sse';
import type { Message, User } from '../api/types';
import { mergeGroups, withMessage } from '../logic/groups';
import { Store } from '../logic/store';
import { mergeMessages, touches, withoutStored } from '../logic/thread';
import { firstMarks, isMarksOf, loadMarks, mergeMarks, type ReadMarks, readUntil, saveMarks } from '../logic/unread';
import { Outbox } from './outbox';
import { emptyState, emptyThread, type Groups, type MailboxState, type Thread, type ThreadId } from './state';

// How many pages a catch-up reads before it rather starts the conversation anew.
const CATCH_UP_PAGES = 10;
// What did not load or was not sent is tried again after this, if the stream does not come back before.
const RETRY_MS = 10_000;

export class Mailbox {
  readonly store = new Store<MailboxState>(emptyState);
  private readonly live: Live;
  private readonly outbox: Outbox;
  private started = false;
  private current: ThreadId | null = null;
  private refreshing = false;
  private stale = false;
  private retry: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly api: Api,
    private readonly storage: Storage,
    private readonly onSignedOut: () => void,
  ) {
    this.live = new Live((last, signal) => api.live(last, signal), {
      event: (event) => this.hear(event),
      state: (connection) => {
        this.set({ connection });
        if (connection === 'live') void this.refresh();
      },
      signedOut: onSignedOut,
      unlisted: () => this.set({ unlisted: true }),
    });
    this.outbox = new Outbox(api, {
      thread: (id) => this.thread(id),
      change: (id, change) => this.changeThread(id, change),
      stored: (id, message) => this.stored(id, message),
      failed: (error) => this.failed(error),
    });
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    void this.loadMe();
    void this.loadGroups();
    this.live.start();
  }

  stop(): void {
    this.live.stop();
    if (this.retry !== null) clearTimeout(this.retry);
  }

  /** The browser is in front again: no need to wait for the next attempt. */
  hurry(): void {
    if (this.state.connection === 'lost') this.live.hurry();
  }

  /** The browser is online again. The stream may have outlived that; requests have not. */
  online(): void {
    if (this.state.connection === 'live') void this.refresh();
    else this.live.hurry();
  }

  get state(): MailboxState {
    return this.store.get();
  }

  async loadMe(): Promise<void> {
    try {
      this.set({ me: await this.api.me(), unlisted: false });
      this.prepareMarks();
    } catch (error) {
      this.failed(error);
    }
  }

  async loadGroups(): Promise<void> {
    const first = this.state.groups.items.length === 0;
    if (first) this.setGroups({ status: 'loading' });
    try {
      const page = await this.api.groups();
      const { items, before } = this.state.groups;
      this.setGroups({ items: mergeGroups(items, page.message_groups), before: first ? page.before : before, status: 'ready' });
      this.prepareMarks();
    } catch (error) {
      this.failed(error);
      if (first) this.setGroups({ status: 'error' });
    }
  }

  async loadOlderGroups(): Promise<void> {
    const { before, older } = this.state.groups;
    if (before === null || older === 'loading') return;
    this.setGroups({ older: 'loading' });
    try {
      const page = await this.api.groups(before);
      const items = mergeGroups(this.state.groups.items, page.message_groups);
      this.setGroups({ items, before: page.before, older: 'idle' });
    } catch (error) {
      this.failed(error);
      this.setGroups({ older: 'error' });
    }
  }

  /** Reads the newest page of a conversation, or who "@handle" is. What is known already stays shown meanwhile. */
  async open(id: ThreadId): Promise<void> {
    this.current = id;
    await this.read(id);
  }

  /** The conversation is no longer shown. */
  close(id: ThreadId): void {
    if (this.current === id) this.current = null;
  }

  private async read(id: ThreadId): Promise<void> {
    const known = this.thread(id);
    if (known.status !== 'ready') this.changeThread(id, { status: 'loading' });
    try {
      if (id.startsWith('@')) await this.openPerson(id);
      else await this.catchUp(id);
    } catch (error) {
      this.failed(error);
      const refused = error instanceof Refused ? this.refusal(error) : null;
      if (refused) this.changeThread(id, { status: refused });
      else if (this.thread(id).status === 'loading') this.changeThread(id, { status: 'error' });
    }
  }

  async loadOlder(id: ThreadId): Promise<void> {
    const { before, older, status } = this.thread(id);
    if (before === null || older === 'loading' || status !== 'ready') return;
    this.changeThread(id, { older: 'loading' });
    try {
      const page = await this.api.messages(id, before);
      const messages = mergeMessages(this.thread(id).messages, page.messages);
      this.changeThread(id, { messages, before: page.before, older: 'idle' });
    } catch (error) {
      this.failed(error);
      this.changeThread(id, { older: 'error' });
    }
  }

  send(id: ThreadId, text: string): void {
    this.outbox.send(id, text);
  }

  sendAgain(id: ThreadId, uuid: string): void {
    this.outbox.sendAgain(id, uuid);
  }

  discard(id: ThreadId, uuid: string): void {
    this.outbox.discard(id, uuid);
  }

  /** The person sees the conversation's newest message. */
  markRead(id: ThreadId): void {
    const { me, marks, threads, groups } = this.state;
    const last = threads.get(id)?.messages.at(-1)?.created_at ?? groups.items.find((group) => group.uuid === id)?.last_message_at;
    if (!me || !marks || !last) return;
    this.setMarks(me, readUntil(marks, id, last));
  }

  /** Another tab has read something. */
  takeMarks(storageKey: string | null): void {
    const { me, marks } = this.state;
    const stored = me && isMarksOf(me.uuid, storageKey) ? loadMarks(this.storage, me.uuid) : null;
    if (marks && stored) this.set({ marks: mergeMarks(marks, stored) });
  }

  thread(id: ThreadId): Thread {
    return this.state.threads.get(id) ?? emptyThread(id);
  }

  private refusal(error: Refused): Thread['status'] | null {
    if (error.code === 'user_not_found') return 'nobody';
    return error.code === 'not_a_member' || error.code === 'field_invalid' || error.status === 404 ? 'forbidden' : null;
  }

  private async openPerson(id: ThreadId): Promise<void> {
    const [other, me] = await Promise.all([this.api.user(id.slice(1)), this.state.me ?? this.api.me()]);
    const known = this.state.groups.items.find((group) => group.user_uuid === other.uuid);
    const status = other.uuid === me.uuid ? 'oneself' : 'ready';
    this.changeThread(id, { other, status, movedTo: known?.uuid ?? this.thread(id).movedTo });
  }

  // Reads back from the newest message until what is known already; from scratch when that is too far.
  private async catchUp(id: ThreadId): Promise<void> {
    let page = await this.api.messages(id);
    let read: readonly Message[] = page.messages;
    for (let pages = 1; !touches(this.thread(id).messages, read) && page.before !== null && pages < CATCH_UP_PAGES; pages++) {
      page = await this.api.messages(id, page.before);
      read = mergeMessages(read, page.messages);
    }
    const known = this.thread(id);
    const joins = known.status === 'ready' && known.messages.length > 0 && touches(known.messages, read);
    const messages = joins ? mergeMessages(known.messages, read) : mergeMessages(known.messages.filter((m) => after(m, read)), read);
    const before = joins ? known.before : page.before;
    const outgoing = withoutStored(known.outgoing, messages);
    this.changeThread(id, { messages, outgoing, before, other: page.other, status: 'ready' });
  }

  private hear(event: ServerEvent): void {
    if (event.type === 'reload') void this.refresh();
    if (event.type !== 'message') return;
    try {
      const { other, ...message } = JSON.parse(event.data) as Message & { other: User };
      this.arrived(message, other);
    } catch {
      void this.refresh();
    }
  }

  // After every connection of the stream: what came before it was open. Asked again meanwhile, it reads once more.
  private async refresh(): Promise<void> {
    if (this.refreshing) {
      this.stale = true;
      return;
    }
    this.refreshing = true;
    do {
      this.stale = false;
      await this.readNewest();
    } while (this.stale);
    this.refreshing = false;
  }

  private async readNewest(): Promise<void> {
    if (!this.state.me) void this.loadMe();
    await Promise.all([this.loadGroups(), this.current === null ? null : this.read(this.current)]);
    this.outbox.sendAllAgain([...this.state.threads.keys()]);
  }

  private arrived(message: Message, other: User): void {
    const { me, marks, groups, threads } = this.state;
    this.setGroups({ items: withMessage(groups.items, message, other) });
    const mine = message.user_uuid === me?.uuid;
    const thread = threads.get(message.message_group_uuid);
    if (thread) this.add(thread, message);
    const unsaid = threads.get(`@${other.handle}`);
    if (unsaid?.outgoing.length === 0) this.changeThread(unsaid.id, { movedTo: message.message_group_uuid });
    if (mine && marks) this.setMarks(me, readUntil(marks, message.message_group_uuid, message.created_at));
    if (!mine) this.set({ heard: { message, count: (this.state.heard?.count ?? 0) + 1 } });
  }

  // The answer to a message of ours, under whatever id it was sent.
  private stored(id: ThreadId, message: Message): void {
    const other = this.thread(id).other;
    const uuid = message.message_group_uuid;
    if (other) this.setGroups({ items: withMessage(this.state.groups.items, message, other) });
    const { me, marks } = this.state;
    if (me && marks) this.setMarks(me, readUntil(marks, uuid, message.created_at));
    if (id !== uuid) this.move(id, uuid);
    this.add(this.thread(uuid), message);
  }

  // "@handle" has become a conversation: what is still on its way goes on there.
  private move(from: ThreadId, to: string): void {
    const { outgoing, other } = this.thread(from);
    this.changeThread(to, { outgoing: [...this.thread(to).outgoing, ...outgoing], other });
    this.changeThread(from, { outgoing: [], movedTo: to });
    void this.read(to);
  }

  private add(thread: Thread, message: Message): void {
    const messages = mergeMessages(thread.messages, [message]);
    this.changeThread(thread.id, { messages, outgoing: withoutStored(thread.outgoing, messages) });
  }

  private prepareMarks(): void {
    const { me, marks, groups } = this.state;
    if (!me || marks || groups.status !== 'ready') return;
    this.setMarks(me, loadMarks(this.storage, me.uuid) ?? firstMarks(groups.items));
  }

  private setMarks(me: User, marks: ReadMarks): void {
    if (marks === this.state.marks) return;
    this.set({ marks });
    saveMarks(this.storage, me.uuid, marks);
  }

  private failed(error: unknown): void {
    if (error instanceof Unreachable) this.retryLater();
    if (error instanceof SignedOut) this.onSignedOut();
    if (error instanceof Refused && error.status === 401) this.onSignedOut();
    if (error instanceof Refused && error.code === 'user_not_in_directory') this.set({ unlisted: true });
  }

  private retryLater(): void {
    this.retry ??= setTimeout(() => {
      this.retry = null;
      void this.refresh();
    }, RETRY_MS);
  }

  private set(change: Partial<MailboxState>): void {
    this.store.set({ ...this.state, ...change });
  }

  private setGroups(change: Partial<Groups>): void {
    this.set({ groups: { ...this.state.groups, ...change } });
  }

  private changeThread(id: ThreadId, change: Partial<Thread>): void {
    const threads = new Map(this.state.threads);
    threads.set(id, { ...this.thread(id), ...change });
    this.set({ threads });
  }
}

// Whether a known message is newer than all that was read: it came by the stream meanwhile.
function after(message: Message, read: readonly Message[]): boolean {
  const newest = read.at(-1);
  return newest === undefined || message.created_at > newest.created_at;
}
