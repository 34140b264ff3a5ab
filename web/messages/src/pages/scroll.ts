// Where the reader is in a history that grows at both ends: at the end one stays at the end; anywhere else the text under
// one's eyes stays where it is, whatever is added above or below.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Row } from '../logic/thread';

const AT_END_PX = 48;
const NEAR_START_PX = 900;

interface Reached {
  /** Close enough to the oldest row to read more. May be called often. */
  nearStart(): void;
  /** The newest row is in sight, and the page is. May be called often. */
  atEnd(): void;
}

interface Anchor {
  key: string;
  top: number;
}

function rowOf(box: HTMLElement, key: string): HTMLElement | null {
  return box.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

function firstAnchor(box: HTMLElement): Anchor | null {
  const row = box.querySelector<HTMLElement>('[data-key]');
  return row?.dataset['key'] === undefined ? null : { key: row.dataset['key'], top: row.offsetTop };
}

// The newest message that is on its way, or that is stored.
function newest(rows: readonly Row[], outgoing: boolean): string | undefined {
  return rows.findLast((row) => row.kind === 'message' && (row.outgoing !== undefined) === outgoing)?.key;
}

export function useScroll(ref: RefObject<HTMLDivElement | null>, rows: readonly Row[], reached: Reached) {
  const atEnd = useRef(true);
  const anchor = useRef<Anchor | null>(null);
  const last = useRef<{ written: string | undefined; stored: string | undefined }>({ written: undefined, stored: undefined });
  const [away, setAway] = useState(false);
  const [missed, setMissed] = useState(false);
  const latest = useRef(reached);
  latest.current = reached;

  const toEnd = useCallback(() => {
    atEnd.current = true;
    if (ref.current) ref.current.scrollTop = ref.current.scrollHeight;
  }, [ref]);

  const look = useCallback(() => {
    const box = ref.current;
    if (!box) return;
    if (box.scrollTop < NEAR_START_PX) latest.current.nearStart();
    if (!atEnd.current) return;
    setMissed(false);
    if (document.visibilityState === 'visible') latest.current.atEnd();
  }, [ref]);

  const onScroll = useCallback(() => {
    const box = ref.current;
    if (!box) return;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    atEnd.current = below < AT_END_PX;
    setAway(below > box.clientHeight / 2);
    look();
  }, [ref, look]);

  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    const written = newest(rows, true);
    const stored = newest(rows, false);
    if (written !== undefined && written !== last.current.written) atEnd.current = true;
    if (stored !== last.current.stored && last.current.stored !== undefined && !atEnd.current) setMissed(true);
    last.current = { written, stored };
    const row = anchor.current && rowOf(box, anchor.current.key);
    if (atEnd.current) box.scrollTop = box.scrollHeight;
    else if (row && anchor.current) box.scrollTop += row.offsetTop - anchor.current.top;
    anchor.current = firstAnchor(box);
  }, [ref, rows]);

  useEffect(look);

  // The form grows, the phone turns, its keyboard opens: at the end one stays at the end.
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
      anchor.current = firstAnchor(box);
    });
    observer.observe(box);
    document.addEventListener('visibilitychange', look);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
    };
  }, [ref, look]);

  return { onScroll, toEnd, away, missed: missed && away };
}
