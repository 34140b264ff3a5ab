// Addresses of the page, kept in the browser's history.
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

const CHANGED = 'cruddur:navigate';

export function navigate(to: string, { replace = false } = {}): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  dispatchEvent(new Event(CHANGED));
}

function watch(changed: () => void): () => void {
  addEventListener('popstate', changed);
  addEventListener(CHANGED, changed);
  return () => {
    removeEventListener('popstate', changed);
    removeEventListener(CHANGED, changed);
  };
}

/** Path and query of the page, as one text. */
export function useAddress(): URL {
  const text = useSyncExternalStore(watch, () => location.pathname + location.search);
  return new URL(text, location.origin);
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string; replace?: boolean };

/** A link within the page; with a modifier key, or another button, it is the browser's business. */
export function Link({ to, replace = false, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to, { replace });
  };
  return <a href={to} onClick={follow} {...rest} />;
}

export type Page =
  | { page: 'signin' | 'signup' | 'confirm' | 'recover' | 'messages' | 'search' | 'missing' }
  | { page: 'thread'; id: string };

const SIMPLE: Record<string, Page['page'] | undefined> = {
  '/signin': 'signin', '/signup': 'signup', '/confirm': 'confirm', '/recover': 'recover', '/messages/new': 'search',
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function pageOf(pathname: string): Page {
  const path = pathname.replace(/\/+$/, '') || '/';
  if (path === '/' || path === '/messages') return { page: 'messages' };
  const simple = SIMPLE[path];
  if (simple && simple !== 'thread') return { page: simple };
  const person = /^\/messages\/new\/@?([^/]+)$/.exec(path);
  if (person?.[1]) return { page: 'thread', id: `@${decoded(person[1]).toLowerCase()}` };
  const group = /^\/messages\/([^/@]+)$/.exec(path);
  if (group?.[1]) return { page: 'thread', id: decoded(group[1]) };
  return { page: 'missing' };
}

/** The address to go on to after signing in: only one of our own. */
export function nextOf(address: URL): string {
  const next = address.searchParams.get('next') ?? '';
  return /^\/messages(\/|$)/.test(next) ? next : '/messages';
}
