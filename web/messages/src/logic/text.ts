// Counting as the back end counts: code points, not UTF-16 units and not what a reader takes for one character.

export const MAX_CODE_POINTS = 1024;

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** How many code points may still be written; negative when there are too many. */
export function remaining(text: string): number {
  return MAX_CODE_POINTS - codePoints(text);
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Up to two letters that stand for a name where there is no picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  if (first === undefined) return '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  const letter = (word: string | undefined) => (word === undefined ? '' : (Array.from(word)[0] ?? ''));
  return (letter(first) + letter(last)).toLocaleUpperCase();
}

/** A number from 0 to `kinds` - 1 that is always the same for the same text. */
export function kindOf(text: string, kinds: number): number {
  let hash = 2166136261;
  for (const point of text) hash = Math.imul(hash ^ (point.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 0) % kinds;
}

/** What was typed after "@" or without it, as handles are kept. */
export function asHandle(text: string): string {
  return text.trim().replace(/^@/, '').toLowerCase();
}

/** One to three pictures and nothing else: shown large. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 40 && /^(?:\p{Extended_Pictographic}[\u{fe0f}\u{1f3fb}-\u{1f3ff}]*(?:\u{200d}\p{Extended_Pictographic}[\u{fe0f}\u{1f3fb}-\u{1f3ff}]*)*\s?){1,3}$/u.test(text);
}
