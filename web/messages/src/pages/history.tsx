// What was said, oldest on top, with older pages read as one scrolls up to them.
import { memo, useMemo, useRef } from 'react';
import type { User } from '../api/types';
import { pieces } from '../logic/links';
import { isOnlyEmoji } from '../logic/text';
import { type MessageRow, type Outgoing, rowsOf } from '../logic/thread';
import { clockTime, dayLabel, fullTime } from '../logic/time';
import type { Thread } from '../mailbox/state';
import { useToday } from '../ui/hooks';
import { Icon } from '../ui/icons';
import { Avatar, Button, Spinner } from '../ui/parts';
import { useInbox } from './messages';
import { useScroll } from './scroll';

export function History({ thread, other }: { thread: Thread; other: User | null }) {
  const { mailbox } = useInbox();
  const today = useToday();
  const { id, messages, outgoing } = thread;
  const rows = useMemo(() => rowsOf(messages, outgoing, other?.uuid ?? ''), [messages, outgoing, other?.uuid]);
  const box = useRef<HTMLDivElement>(null);
  const scroll = useScroll(box, rows, {
    nearStart: () => thread.older === 'idle' && void mailbox.loadOlder(id),
    atEnd: () => thread.status === 'ready' && mailbox.markRead(id),
  });
  const again = useMemo(() => ({
    send: (uuid: string) => mailbox.sendAgain(id, uuid),
    discard: (uuid: string) => mailbox.discard(id, uuid),
  }), [mailbox, id]);
  return (
    <div className="history-frame">
      <div className="history" ref={box} onScroll={scroll.onScroll} tabIndex={0} role="region" aria-label="Messages">
        <Start thread={thread} other={other} />
        <ol>
          {rows.map((row) =>
            row.kind === 'day'
              ? <li key={row.key} className="day"><span>{dayLabel(row.created_at, today)}</span></li>
              : <MessageItem key={row.key} row={row} author={other?.display_name ?? ''} again={again} />)}
        </ol>
      </div>
      {scroll.away && (
        <button type="button" className={scroll.missed ? 'to-end to-end-new' : 'to-end'} onClick={scroll.toEnd}>
          {scroll.missed ? 'New messages' : <span className="unseen">To the newest message</span>}
          <Icon name="down" size={18} />
        </button>
      )}
    </div>
  );
}

// What stands above the oldest message: more to come, or the beginning. Both are equally high.
function Start({ thread, other }: { thread: Thread; other: User | null }) {
  const { mailbox } = useInbox();
  if (thread.status === 'loading' && thread.messages.length === 0) return <HistorySkeleton />;
  if (thread.before !== null) {
    return (
      <div className="history-start">
        {thread.older === 'error'
          ? <Button kind="plain" onClick={() => void mailbox.loadOlder(thread.id)}>Older messages did not load. Try again</Button>
          : <Spinner label="Loading older messages" />}
      </div>
    );
  }
  return (
    <div className="history-start">
      {other && <Avatar name={other.display_name} of={other.handle} size="l" />}
      <p>{thread.messages.length === 0 && thread.outgoing.length === 0 ? `Say hello to ${other?.display_name}.` : `This is where you and ${other?.display_name} began.`}</p>
    </div>
  );
}

function HistorySkeleton() {
  return (
    <div className="history-skeleton" role="status">
      <span className="unseen">Loading messages</span>
      {['w6', 'w4', 'w5 mine', 'w3 mine', 'w6', 'w4 mine', 'w5'].map((kind, index) => <i key={index} className={kind} />)}
    </div>
  );
}

interface Again {
  send(uuid: string): void;
  discard(uuid: string): void;
}

const MessageItem = memo(function MessageItem({ row, author, again }: { row: MessageRow; author: string; again: Again }) {
  const classes = ['message', row.mine ? 'mine' : 'theirs', row.first && 'first', row.last && 'last', row.outgoing && `is-${row.outgoing.state}`];
  return (
    <li className={classes.filter(Boolean).join(' ')} data-key={row.key}>
      {row.first && <span className="unseen">{row.mine ? 'You' : author}: </span>}
      <div className={isOnlyEmoji(row.text) ? 'bubble bubble-emoji' : 'bubble'} dir="auto" title={fullTime(row.created_at)}>
        <Text text={row.text} />
      </div>
      {row.last && <Meta row={row} again={again} />}
    </li>
  );
}, sameItem);

type ItemProps = { row: MessageRow; author: string; again: Again };

// Rows are made anew with every change; most say the same as before.
function sameItem(a: ItemProps, b: ItemProps): boolean {
  return a.row.key === b.row.key && a.row.text === b.row.text && a.row.created_at === b.row.created_at && a.row.first === b.row.first &&
    a.row.last === b.row.last && a.row.mine === b.row.mine && a.row.outgoing === b.row.outgoing && a.author === b.author && a.again === b.again;
}

function Meta({ row, again }: { row: MessageRow; again: Again }) {
  const time = <time dateTime={row.created_at}>{clockTime(row.created_at)}</time>;
  if (!row.outgoing) return <p className="meta">{time}</p>;
  if (row.outgoing.state === 'sending') return <p className="meta">{time} · Sending…</p>;
  return <FailedMeta one={row.outgoing} again={again} />;
}

function FailedMeta({ one, again }: { one: Outgoing; again: Again }) {
  return (
    <p className="meta meta-failed" role="status">
      <Icon name="alert" size={14} />
      <span>{one.again ? 'Not sent yet' : (one.reason ?? 'Not sent')}</span>
      {one.again && <button type="button" onClick={() => again.send(one.uuid)}>Try again</button>}
      <button type="button" onClick={() => again.discard(one.uuid)}>Delete</button>
    </p>
  );
}

function Text({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    piece.href === undefined ? piece.text : <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">{piece.text}</a>);
}
