import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockTime, dayKey, dayLabel, daysAgo, listTime, untilMidnight } from './time';

const before = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Europe/Stockholm';
});
afterAll(() => {
  process.env['TZ'] = before;
});

const now = new Date('2026-03-30T10:00:00+02:00'); // the day after daylight saving time began

test('the day is the local one', () => {
  expect(dayKey('2025-12-31T22:59:59+00:00')).toBe('2025-12-31');
  expect(dayKey('2025-12-31T23:00:00.000001+00:00')).toBe('2026-01-01');
});

test.each([
  ['2026-03-30T00:00:00+02:00', 0, 'Today'],
  ['2026-03-29T23:59:00+02:00', 1, 'Yesterday'],
  ['2026-03-29T00:30:00+01:00', 1, 'Yesterday'],
  ['2026-03-28T23:00:00+01:00', 2, 'Saturday'],
  ['2026-03-24T12:00:00+01:00', 6, 'Tuesday'],
  ['2026-03-23T12:00:00+01:00', 7, 'Mon, March 23'],
  ['2025-12-31T12:00:00+01:00', 89, 'Wed, December 31, 2025'],
])('%s is %i days ago: %s', (iso, ago, label) => {
  expect(daysAgo(new Date(iso), now)).toBe(ago);
  expect(dayLabel(iso, now, 'en-US')).toBe(label);
});

test.each([
  ['2026-03-30T07:05:00+00:00', '09:05'],
  ['2026-03-29T07:05:00+00:00', 'Yesterday'],
  ['2026-03-27T07:05:00+00:00', 'Fri'],
  ['2026-01-03T07:05:00+00:00', '3 Jan'],
  ['2025-12-28T07:05:00+00:00', '28 Dec 2025'],
])('in the list, %s is %s', (iso, label) => {
  expect(listTime(iso, now, 'en-GB')).toBe(label);
});

test('a clock ahead of ours does not make tomorrow', () => {
  expect(listTime('2026-03-31T09:00:00+02:00', now, 'en-GB')).toBe(clockTime('2026-03-31T09:00:00+02:00', 'en-GB'));
});

test('until midnight', () => {
  expect(untilMidnight(new Date('2026-03-30T23:59:59+02:00'))).toBe(1000);
});
