// Keeps the stream of /api/live open: connects again with growing pauses when it breaks, at once when the browser comes
// back online or to the front. Silence longer than the server's comment lines allow counts as broken.
import { Refused, SignedOut } from './client';
import { EventParser, type ServerEvent } from './sse';

export type LiveState = 'connecting' | 'live' | 'lost';

export interface LiveHandlers {
  event(event: ServerEvent): void;
  state(state: LiveState): void;
  signedOut(): void;
  /** The back end does not know this user: there is nothing to wait for. */
  unlisted(): void;
}

const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 15_000;

/** The pause before the n-th attempt in a row, half of it by chance, so that not everybody returns at once. */
export function pause(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
  return longest / 2 + (longest / 2) * chance;
}

export class Live {
  private lastEvent: string | null = null;
  private attempt = 0;
  private stopped = false;
  private current: AbortController | null = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly open: (lastEvent: string | null, signal: AbortSignal) => Promise<Response>,
    private readonly handlers: LiveHandlers,
  ) {}

  start(): void {
    this.handlers.state('connecting');
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.current?.abort();
    this.wake?.();
  }

  /** Do not wait any longer before the next attempt. */
  hurry(): void {
    this.attempt = 0;
    this.wake?.();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.once();
      } catch (error) {
        if (this.isOver(error)) return;
      }
      if (this.stopped) return;
      this.handlers.state('lost');
      await this.rest(pause(this.attempt++, Math.random()));
    }
  }

  private isOver(error: unknown): boolean {
    if (this.stopped) return true;
    const unlisted = error instanceof Refused && error.code === 'user_not_in_directory';
    if (unlisted) this.handlers.unlisted();
    if (error instanceof SignedOut) this.handlers.signedOut();
    return unlisted || error instanceof SignedOut;
  }

  // Returns when the stream ends, throws when it breaks or cannot be opened.
  private async once(): Promise<void> {
    const abort = new AbortController();
    this.current = abort;
    let watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await this.open(this.lastEvent, abort.signal);
      if (this.stopped) return;
      this.handlers.state('live');
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (!reader) return;
      const parser = new EventParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        this.attempt = 0;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
        for (const event of parser.feed(value)) this.take(event);
      }
    } finally {
      clearTimeout(watchdog);
      abort.abort();
    }
  }

  private take(event: ServerEvent): void {
    if (this.stopped) return;
    if (event.id !== undefined) this.lastEvent = event.id;
    this.handlers.event(event);
  }

  private rest(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.wake = null;
    });
  }
}
