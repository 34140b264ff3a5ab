import { expect, test } from 'vitest';
import { asHandle, codePoints, initials, isBlank, isOnlyEmoji, kindOf, remaining } from './text';

test.each([['', 0], ['abc', 3], ['é', 1], ['e\u0301', 2], ['🎉', 1], ['👩‍👩‍👧', 5], ['漢字', 2], ['\ud800', 1]])('%j has %i code points', (text, count) => {
  expect(codePoints(text)).toBe(count);
});

test('what remains of 1,024 code points', () => {
  expect(remaining('')).toBe(1024);
  expect(remaining('🎉'.repeat(1024))).toBe(0);
  expect(remaining('x'.repeat(1025))).toBe(-1);
});

test('blank is what only has spaces of any kind', () => {
  expect(['', ' \n\t', '\u3000\u00a0'].every(isBlank)).toBe(true);
  expect(isBlank(' . ')).toBe(false);
});

test.each([['Nora Lindqvist', 'NL'], ['malik', 'M'], ['Ana de la Cruz', 'AC'], ['  ', '?'], ['👩 x', '👩X']])('initials of %j', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test('a handle with or without @, in any case', () => {
  expect([' @Nora ', 'NORA'].map(asHandle)).toEqual(['nora', 'nora']);
});

test('only a few pictures are shown large', () => {
  expect(['🎉', '👍🏽', '👩‍👩‍👧', '❤️ ❤️'].every(isOnlyEmoji)).toBe(true);
  expect(['', 'a', '1', '🎉🎉🎉🎉', '🎉 hi'].some(isOnlyEmoji)).toBe(false);
});

test('a kind is stable and within its range', () => {
  const kinds = ['nora', 'malik', 'teo', 'ines'].map((handle) => kindOf(handle, 8));
  expect(kinds).toEqual(['nora', 'malik', 'teo', 'ines'].map((handle) => kindOf(handle, 8)));
  expect(kinds.every((kind) => kind >= 0 && kind < 8)).toBe(true);
});
