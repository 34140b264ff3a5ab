import { expect, test } from 'vitest';
import { pause } from './live';
import { EventParser, type ServerEvent } from './sse';

const STREAM = ': hello\n\nevent: ready\nid: 1\ndata: {}\n\nevent: message\ndata: {"a":\ndata: 1}\r\nid: 2\r\n\r\ndata:x\n\nid: 3\n\n: ping\n\ndata: later';

const EVENTS: ServerEvent[] = [
  { type: 'ready', data: '{}', id: '1' },
  { type: 'message', data: '{"a":\n1}', id: '2' },
  { type: 'message', data: 'x' },
];

test('events, in whatever pieces they come', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const parser = new EventParser();
    const events: ServerEvent[] = [];
    for (let from = 0; from < STREAM.length; from += size) events.push(...parser.feed(STREAM.slice(from, from + size)));
    expect(events).toEqual(EVENTS);
  }
});

test('pauses grow to a limit and are never the same for all', () => {
  expect(pause(0, 0)).toBe(200);
  expect(pause(0, 1)).toBe(400);
  expect(pause(3, 1)).toBe(3200);
  expect(pause(100, 1)).toBe(15_000);
});
