import { expect, test } from 'vitest';
import { nextOf, pageOf } from './router';

test.each([
  ['/', { page: 'messages' }],
  ['/messages/', { page: 'messages' }],
  ['/messages/new', { page: 'search' }],
  ['/messages/new/@Teo', { page: 'thread', id: '@teo' }],
  ['/messages/new/teo', { page: 'thread', id: '@teo' }],
  ['/messages/5ae290ed-55d1-47a0-bc6d-fe2bc2700399', { page: 'thread', id: '5ae290ed-55d1-47a0-bc6d-fe2bc2700399' }],
  ['/messages/%E0%A4%A', { page: 'thread', id: '%E0%A4%A' }],
  ['/signin', { page: 'signin' }],
  ['/elsewhere/x', { page: 'missing' }],
])('%s', (path, page) => {
  expect(pageOf(path)).toEqual(page);
});

test.each([
  ['/messages/x', '/messages/x'],
  ['https://evil.example/', '/messages'],
  ['//evil.example', '/messages'],
  ['/messages.evil.example', '/messages'],
  ['', '/messages'],
])('after signing in, %j goes to %s', (next, to) => {
  expect(nextOf(new URL(`https://here.example/signin?next=${encodeURIComponent(next)}`))).toBe(to);
});
