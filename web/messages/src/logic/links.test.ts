import { expect, test } from 'vitest';
import { pieces } from './links';

const links = (text: string) => pieces(text).filter((piece) => piece.href !== undefined).map((piece) => piece.href);

test.each([
  ['nothing here', []],
  ['see https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d']],
  ['(https://example.com/x_(y))', ['https://example.com/x_(y)']],
  ['http://a.example, then https://b.example!', ['http://a.example', 'https://b.example']],
  ['javascript:alert(1) data:text/html,x //evil.example', []],
  ['https://', []],
  ['"https://example.com"<b>', ['https://example.com']],
])('addresses in %j', (text, expected) => {
  expect(links(text)).toEqual(expected);
});

test('the pieces are the text', () => {
  for (const text of ['', 'a', '<b>x</b> https://example.com, https://example.com) end', 'https://a.example']) {
    expect(pieces(text).map((piece) => piece.text).join('')).toBe(text);
  }
});
