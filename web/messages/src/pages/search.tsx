// Finding somebody to write to.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { tell } from '../api/client';
import type { User } from '../api/types';
import { asHandle } from '../logic/text';
import { Link } from '../router';
import { useSettled, useTitle } from '../ui/hooks';
import { Icon } from '../ui/icons';
import { Avatar, Button, Notice, Spinner } from '../ui/parts';
import { useInbox } from './messages';

type Found = { status: 'idle' | 'loading' } | { status: 'found'; text: string; users: User[] } | { status: 'error'; text: string };

function useSearch(text: string): [Found, () => void] {
  const { api } = useInbox();
  const [found, setFound] = useState<Found>({ status: 'idle' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (text === '') {
      setFound({ status: 'idle' });
      return undefined;
    }
    const abort = new AbortController();
    // What was found for the last text stays shown until there is something better.
    setFound((last) => (last.status === 'found' ? last : { status: 'loading' }));
    api.search(text, abort.signal).then(
      (users) => setFound({ status: 'found', text, users }),
      (error: unknown) => {
        if (!abort.signal.aborted) setFound({ status: 'error', text: tell(error) });
      },
    );
    return () => abort.abort();
  }, [api, text, attempt]);
  return [found, () => setAttempt((n) => n + 1)];
}

export function Search() {
  useTitle('New message · Cruddur Messages');
  const [text, setText] = useState('');
  const settled = useSettled(asHandle(text), 180);
  const [found, again] = useSearch(settled);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops: HTMLElement[] = [...(input.current ? [input.current] : []), ...(list.current?.querySelectorAll('a') ?? [])];
    const next = stops[stops.indexOf(document.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <section className="search" aria-labelledby="search-title" onKeyDown={move}>
      <header className="bar">
        <Link to="/messages" className="round bar-back" aria-label="Back to conversations"><Icon name="back" /></Link>
        <h2 id="search-title">New message</h2>
      </header>
      <form className="search-box" role="search" onSubmit={(event) => { event.preventDefault(); list.current?.querySelector('a')?.click(); }}>
        <Icon name="search" />
        <input ref={input} type="search" aria-label="Search people" placeholder="Name or handle" autoFocus autoComplete="off" spellCheck={false}
          maxLength={100} value={text} onChange={(event) => setText(event.target.value)} />
      </form>
      <div className="search-results" role="region" aria-label="People" aria-live="polite" aria-busy={found.status === 'loading'}>
        {found.status === 'idle' && <p className="search-hint">Who would you like to write to?</p>}
        {found.status === 'loading' && <p className="search-hint"><Spinner label="Searching" /></p>}
        {found.status === 'error' && <Notice title="The search did not work" role="alert"><p>{found.text}</p><Button kind="plain" onClick={again}>Try again</Button></Notice>}
        {found.status === 'found' && found.users.length === 0 && <p className="search-hint">Nobody is called “{found.text}” here.</p>}
        {found.status === 'found' && found.users.length > 0 && <People users={found.users} list={list} />}
      </div>
    </section>
  );
}

function People({ users, list }: { users: User[]; list: React.RefObject<HTMLUListElement | null> }) {
  const { groups } = useInbox().state;
  const address = (user: User) => {
    const known = groups.items.find((group) => group.user_uuid === user.uuid);
    return known ? `/messages/${known.uuid}` : `/messages/new/${encodeURIComponent(user.handle)}`;
  };
  return (
    <ul ref={list} className="people">
      {users.map((user) => (
        <li key={user.uuid}>
          <Link className="person" to={address(user)}>
            <Avatar name={user.display_name} of={user.handle} />
            <span className="group-name">{user.display_name}</span>
            <span className="group-text">@{user.handle}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
