// The list of conversations, newest first, with what is unread, and the menu of the person signed in.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Group } from '../api/types';
import { fullTime, listTime } from '../logic/time';
import { isUnread } from '../logic/unread';
import { Link } from '../router';
import { useToday } from '../ui/hooks';
import { Icon } from '../ui/icons';
import { Avatar, Brand, Button, Notice, Spinner } from '../ui/parts';
import { useInbox } from './messages';

export function Sidebar({ open, onSignOut }: { open: string | null; onSignOut: () => void }) {
  return (
    <section className="sidebar" aria-label="Conversations">
      <header className="bar">
        <Link to="/messages" className="bar-brand" aria-label="Cruddur Messages">
          <Brand />
        </Link>
        <Link to="/messages/new" className="round" aria-label="New message" title="New message">
          <Icon name="compose" />
        </Link>
        <Account onSignOut={onSignOut} />
      </header>
      <GroupList open={open} />
    </section>
  );
}

function GroupList({ open }: { open: string | null }) {
  const { mailbox, state } = useInbox();
  const { items, status, before, older } = state.groups;
  if (status === 'loading') return <Skeletons />;
  if (status === 'error') {
    return (
      <Notice title="Your conversations did not load" role="alert">
        <Button kind="plain" onClick={() => void mailbox.loadGroups()}>Try again</Button>
      </Notice>
    );
  }
  if (items.length === 0) {
    return (
      <Notice title="No conversations yet">
        <p>Find somebody and say hello.</p>
        <Link className="button" to="/messages/new">Find people</Link>
      </Notice>
    );
  }
  return (
    <nav className="groups" aria-label="Conversations, newest first" onScroll={(event) => nearEnd(event.currentTarget) && older === 'idle' && void mailbox.loadOlderGroups()}>
      <ul onKeyDown={moveFocus}>
        {items.map((group) => (
          <GroupItem key={group.uuid} group={group} open={group.uuid === open} unread={state.marks !== null && isUnread(group, state.marks)} />
        ))}
      </ul>
      {before !== null && (
        <div className="groups-more">
          {older === 'loading' ? <Spinner label="Loading more conversations" /> : <Button kind="link" onClick={() => void mailbox.loadOlderGroups()}>Older conversations</Button>}
        </div>
      )}
    </nav>
  );
}

function nearEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 300;
}

// Up and down go from conversation to conversation.
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a')];
  const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function GroupItem({ group, open, unread }: { group: Group; open: boolean; unread: boolean }) {
  const now = useToday();
  return (
    <li>
      <Link to={`/messages/${group.uuid}`} className={unread ? 'group group-unread' : 'group'} aria-current={open ? 'page' : undefined}>
        <Avatar name={group.display_name} of={group.handle} />
        <span className="group-name"><bdi>{group.display_name}</bdi></span>
        <time className="group-time" dateTime={group.last_message_at} title={fullTime(group.last_message_at)}>
          {listTime(group.last_message_at, now)}
        </time>
        <span className="group-text"><bdi>{group.message}</bdi></span>
        {unread && (
          <span className="group-dot">
            <span className="unseen">Unread</span>
          </span>
        )}
      </Link>
    </li>
  );
}

function Skeletons() {
  return (
    <div className="groups" role="status">
      <span className="unseen">Loading conversations</span>
      {[64, 48, 72, 56, 40].map((width) => (
        <div key={width} className="group skeleton" aria-hidden="true">
          <span className="avatar avatar-m" />
          <span className="group-name"><i style={{ width: `${width}%` }} /></span>
          <span className="group-text"><i style={{ width: '85%' }} /></span>
        </div>
      ))}
    </div>
  );
}

function Account({ onSignOut }: { onSignOut: () => void }) {
  const { me } = useInbox().state;
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  const close = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className="account" ref={box} onKeyDown={close}>
      <button ref={button} type="button" className="account-button" aria-expanded={open} aria-label="Your account" onClick={() => setOpen(!open)}>
        {me ? <Avatar name={me.display_name} of={me.handle} size="s" /> : <span className="avatar avatar-s" />}
      </button>
      {open && (
        <div className="account-menu">
          {me && (
            <p>
              <b>{me.display_name}</b>
              <span>@{me.handle}</span>
            </p>
          )}
          <button type="button" onClick={onSignOut}>
            <Icon name="leave" />
            Sign out
          </button>
        </div>
      )}
    </div>
  );
}
