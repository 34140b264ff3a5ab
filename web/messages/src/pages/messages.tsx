// The two panes: who I write with, and what is open beside it. A phone shows one of them.
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { Api } from '../api/client';
import { tokens } from '../auth/session';
import { useStore } from '../logic/store';
import { isUnread } from '../logic/unread';
import { Mailbox } from '../mailbox/mailbox';
import type { MailboxState } from '../mailbox/state';
import { Link, type Page } from '../router';
import { useLasting, useOnline, useTitle } from '../ui/hooks';
import { Icon } from '../ui/icons';
import { Logo, Notice } from '../ui/parts';
import { Search } from './search';
import { Sidebar } from './sidebar';
import { Unlisted } from './unlisted';
import { Conversation } from './conversation';

const api = new Api(tokens);

interface Inbox {
  api: Api;
  mailbox: Mailbox;
  state: MailboxState;
}

const InboxContext = createContext<Inbox | null>(null);

export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (!inbox) throw new Error('outside of Messages');
  return inbox;
}

function useMailbox(onSignedOut: () => void): Mailbox {
  const [mailbox] = useState(() => new Mailbox(api, localStorage, onSignedOut));
  useEffect(() => {
    mailbox.start();
    const hurry = () => {
      if (document.visibilityState === 'visible') mailbox.hurry();
    };
    const stored = (event: StorageEvent) => mailbox.takeMarks(event.key);
    const online = () => mailbox.online();
    addEventListener('online', online);
    document.addEventListener('visibilitychange', hurry);
    addEventListener('storage', stored);
    return () => {
      removeEventListener('online', online);
      document.removeEventListener('visibilitychange', hurry);
      removeEventListener('storage', stored);
      mailbox.stop();
    };
  }, [mailbox]);
  return mailbox;
}

export function Messages({ where, onSignedOut }: { where: Page; onSignedOut: (after: 'ended' | 'asked') => void }) {
  const mailbox = useMailbox(() => onSignedOut('ended'));
  const state = useStore(mailbox.store);
  const { groups, marks } = state;
  const unread = marks ? groups.items.filter((group) => isUnread(group, marks)).length : 0;
  useTitle(unread > 0 ? `(${unread}) Cruddur Messages` : 'Cruddur Messages');
  const open = where.page === 'thread' ? where.id : null;
  useReturn(open);
  if (state.unlisted) return <Unlisted again={() => location.reload()} leave={() => onSignedOut('asked')} />;
  return (
    <InboxContext value={{ api, mailbox, state }}>
      <main className={where.page === 'messages' ? 'panes' : 'panes panes-open'}>
        <a className="skip" href="#pane">Skip to the conversation</a>
        <h1 className="unseen">Cruddur Messages</h1>
        <Sidebar open={open} onSignOut={() => onSignedOut('asked')} />
        <div className="pane" id="pane" tabIndex={-1}>
          <Connection state={state.connection} />
          {where.page === 'thread' && <Conversation key={where.id} id={where.id} />}
          {where.page === 'search' && <Search />}
          {where.page === 'missing' && <Missing />}
          {where.page === 'messages' && <NothingOpen />}
        </div>
        <Announcer state={state} />
      </main>
    </InboxContext>
  );
}

// Back from a conversation to the list, as on a phone: the focus is where one went in.
function useReturn(open: string | null): void {
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (open === null && last.current !== null && document.activeElement === document.body) {
      document.querySelector<HTMLElement>(`.group[href="${CSS.escape(`/messages/${last.current}`)}"]`)?.focus();
    }
    last.current = open;
  }, [open]);
}

// Says that the stream is broken, above the conversation without moving it; not for a moment's interruption.
function Connection({ state }: { state: MailboxState['connection'] }) {
  const online = useOnline();
  const lost = useLasting(state === 'lost', 1500) || !online;
  return (
    <div className="connection" role="status">
      {lost && (
        <p>
          <Icon name="alert" size={16} />
          {online ? 'Connecting again…' : 'You are offline. What you write is sent when you are back.'}
        </p>
      )}
    </div>
  );
}

function Announcer({ state }: { state: MailboxState }) {
  const heard = state.heard?.message;
  return (
    <p className="unseen" role="log" aria-live="polite">
      {heard && <span key={heard.uuid}>{`${heard.display_name} writes: ${heard.message}`}</span>}
    </p>
  );
}

function NothingOpen() {
  return (
    <Notice title="Your messages" picture={<Logo size={56} />}>
      <p>Choose a conversation, or start one.</p>
      <Link className="button button-plain" to="/messages/new">New message</Link>
    </Notice>
  );
}

function Missing() {
  useTitle('Not found · Cruddur Messages');
  return (
    <Notice title="There is no such page">
      <Link className="button button-plain" to="/messages">To your messages</Link>
    </Notice>
  );
}
