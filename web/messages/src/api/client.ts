// Calls of the back end. Every call carries the access token; when the back end says that it has expired, the token is
// refreshed and the call made once more, unnoticed. Errors are of three kinds: the back end refused (Refused), it did not
// answer or could not (Unreachable: trying again may help), nobody is signed in any more (SignedOut).
import type { Config, Group, GroupPage, Message, MessagePage, NewMessage, Problem, User, Users } from './types';

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export class Unreachable extends Error {}

export class SignedOut extends Error {}

/** Where tokens come from; both reject with SignedOut or Unreachable. */
export interface Tokens {
  current(): Promise<string>;
  refreshed(): Promise<string>;
}

const TIMEOUT_MS = 15_000;
const REFRESH_ON = new Set(['token_expired', 'token_invalid']);

interface Options {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

async function problemOf(response: Response): Promise<Refused | Unreachable> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const text = problem?.message ?? `The server answered ${response.status}.`;
  if (response.status >= 500 || response.status === 429) return new Unreachable(text);
  return new Refused(response.status, problem?.error ?? 'unknown', text);
}

async function send(path: string, { method = 'GET', body, headers = {}, signal }: Options): Promise<Response> {
  const init: RequestInit = { method, headers, cache: 'no-store', signal: signal ?? null };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...headers, 'Content-Type': 'application/json' };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (signal?.aborted && signal.reason?.name === 'AbortError') throw error;
    throw new Unreachable('The server cannot be reached.');
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function fetchConfig(): Promise<Config> {
  const response = await send('/api/config', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return (await response.json()) as Config;
}

export class Api {
  constructor(private readonly tokens: Tokens) {}

  me(): Promise<User> {
    return this.json('/api/me');
  }

  groups(before?: string): Promise<GroupPage> {
    return this.json('/api/message_groups' + query({ before }));
  }

  /** All conversations at once would be long: the newest page, or the one before `before`. */
  messages(group: string, before?: string, limit = 40): Promise<MessagePage> {
    return this.json(`/api/messages/${encodeURIComponent(group)}` + query({ before, limit }));
  }

  post(message: NewMessage): Promise<Message> {
    return this.json('/api/messages', { method: 'POST', body: message });
  }

  user(handle: string): Promise<User> {
    return this.json(`/api/users/@${encodeURIComponent(handle)}/short`);
  }

  async search(text: string, signal: AbortSignal): Promise<User[]> {
    const found = await this.json<Users>('/api/users' + query({ search: text }), { signal });
    return found.users;
  }

  /** The open stream of /api/live; it ends when `signal` aborts. */
  live(lastEvent: string | null, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (lastEvent !== null) headers['Last-Event-ID'] = lastEvent;
    return this.authorized('/api/live', { headers, signal });
  }

  private async json<T>(path: string, options: Options = {}): Promise<T> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const response = await this.authorized(path, { ...options, signal });
    try {
      return (await response.json()) as T;
    } catch {
      throw new Unreachable('The answer of the server could not be read.');
    }
  }

  private async authorized(path: string, options: Options): Promise<Response> {
    const as = (token: string): Options => ({
      ...options,
      headers: { ...options.headers, Authorization: `Bearer ${token}` },
    });
    const token = await this.tokens.current();
    try {
      return await send(path, as(token));
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || !REFRESH_ON.has(error.code)) throw error;
    }
    const fresh = await this.tokens.refreshed();
    try {
      return await send(path, as(fresh));
    } catch (error) {
      if (error instanceof Refused && error.status === 401) throw new SignedOut();
      throw error;
    }
  }
}

function query(values: Record<string, string | number | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** What to tell a person about an error of a call. */
export function tell(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (!navigator.onLine) return 'You are offline.';
  return 'The server cannot be reached just now.';
}

export type { Config, Group, GroupPage, Message, MessagePage, NewMessage, User };
