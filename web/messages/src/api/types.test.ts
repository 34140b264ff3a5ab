import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
// @ts-expect-error a script without types
import { apiTypes } from '../../scripts/api-types.mjs';

test('the types are those of the OpenAPI document: else `npm run types`', () => {
  expect(readFileSync(new URL('./types.ts', import.meta.url), 'utf8')).toBe(apiTypes());
});
