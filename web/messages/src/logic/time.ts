// Days and times as the reader's own clock shows them. `now` is a parameter so that tests choose it.

function startOfDay(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate());
}

/** A text that is the same for two moments of one local day and differs between days. */
export function dayKey(iso: string): string {
  const day = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** Whole local days from `then` to `now`; daylight saving does not matter. */
export function daysAgo(then: Date, now: Date): number {
  const midday = (time: Date) => startOfDay(time).setHours(12);
  return Math.round((midday(now) - midday(then)) / 86_400_000);
}

/** "Today", "Yesterday", "Monday" within a week, else the date; with the year when it is another one. */
export function dayLabel(iso: string, now: Date, locale?: string): string {
  const then = new Date(iso);
  const ago = daysAgo(then, now);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  if (ago > 1 && ago < 7) return then.toLocaleDateString(locale, { weekday: 'long' });
  const year = then.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return then.toLocaleDateString(locale, { weekday: 'short', day: 'numeric', month: 'long', ...year });
}

export function clockTime(iso: string, locale?: string): string {
  return new Date(iso).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
}

/** For the list of conversations: the time today, then the day, then the date; short. */
export function listTime(iso: string, now: Date, locale?: string): string {
  const then = new Date(iso);
  const ago = daysAgo(then, now);
  if (ago <= 0) return clockTime(iso, locale);
  if (ago === 1) return 'Yesterday';
  if (ago < 7) return then.toLocaleDateString(locale, { weekday: 'short' });
  const year = then.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return then.toLocaleDateString(locale, { day: 'numeric', month: 'short', ...year });
}

/** The whole moment, for a tooltip. */
export function fullTime(iso: string, locale?: string): string {
  return new Date(iso).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'short' });
}

/** Milliseconds until the local day changes, when "Today" becomes "Yesterday". */
export function untilMidnight(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}
