// One conversation: who it is with, what was said, and where to write.
import { useEffect, useRef } from 'react';
import type { User } from '../api/types';
import { Link, navigate } from '../router';
import { hasKeyboard, useTitle } from '../ui/hooks';
import { Icon } from '../ui/icons';
import { Avatar, Button, Notice } from '../ui/parts';
import { Composer, moveDraft } from './composer';
import { History } from './history';
import { useInbox } from './messages';

export function Conversation({ id }: { id: string }) {
  const { mailbox, state } = useInbox();
  const thread = state.threads.get(id) ?? mailbox.thread(id);
  const group = state.groups.items.find((one) => one.uuid === id);
  const other = thread.other ?? (group ? { uuid: group.user_uuid, display_name: group.display_name, handle: group.handle } : null);
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(other ? `${other.display_name} · Cruddur Messages` : 'Cruddur Messages');
  useEffect(() => {
    void mailbox.open(id);
    return () => mailbox.close(id);
  }, [mailbox, id]);
  useEffect(() => {
    if (thread.movedTo === null) return;
    moveDraft(id, thread.movedTo);
    navigate(`/messages/${thread.movedTo}`, { replace: true });
  }, [id, thread.movedTo]);
  // With a keyboard the form takes the focus (composer.tsx); without, the name does, and no keyboard covers the page.
  useEffect(() => {
    if (!hasKeyboard()) heading.current?.focus();
  }, []);
  // While it loads one may begin to write, and nothing jumps when it has loaded.
  const shown = thread.status === 'ready' || thread.status === 'loading';
  return (
    <section className="thread" aria-labelledby="thread-title">
      <header className="bar">
        <Link to="/messages" className="round bar-back" aria-label="Back to conversations"><Icon name="back" /></Link>
        <Title other={other} heading={heading} loading={thread.status === 'loading'} />
      </header>
      {shown ? <History thread={thread} other={other} /> : <Refusal status={thread.status} id={id} again={() => void mailbox.open(id)} />}
      {shown && <Composer id={id} to={other?.display_name ?? ''} />}
    </section>
  );
}

function Title({ other, heading, loading }: { other: User | null; heading: React.RefObject<HTMLHeadingElement | null>; loading: boolean }) {
  return (
    <>
      {other ? <Avatar name={other.display_name} of={other.handle} size="s" /> : loading && <span className="avatar avatar-s" />}
      <div className="bar-title">
        <h2 id="thread-title" ref={heading} tabIndex={-1}>
          {other ? other.display_name : <span className="unseen">Conversation</span>}
        </h2>
        <p>{other ? `@${other.handle}` : ''}</p>
      </div>
    </>
  );
}

interface RefusalText {
  title: string;
  text: string;
  on?: { to: string; label: string };
}

function refusalText(status: string, id: string): RefusalText {
  const people = { to: '/messages/new', label: 'Find people' };
  if (status === 'nobody') return { title: `Nobody is called ${id}`, text: 'Perhaps a letter is missing?', on: people };
  if (status === 'oneself') return { title: 'That is you', text: 'Writing to yourself is for notebooks.', on: people };
  if (status === 'error') return { title: 'This conversation did not load', text: 'It loads by itself when the server answers again.' };
  const mine = { to: '/messages', label: 'To your conversations' };
  return { title: 'This conversation is not yours', text: 'Only its two members can read it. Or it does not exist.', on: mine };
}

function Refusal({ status, id, again }: { status: string; id: string; again: () => void }) {
  const { title, text, on } = refusalText(status, id);
  return (
    <Notice title={title} role="alert">
      <p>{text}</p>
      {on ? <Link className="button button-plain" to={on.to}>{on.label}</Link> : <Button kind="plain" onClick={again}>Try again</Button>}
    </Notice>
  );
}
