import { expect, it } from 'vitest';
import { type Installation, programCall, withDocuments } from './installation.ts';

it.each<[string, Installation]>([
  ['npm run -s rollcall --', { isClone: true }],
  ['rollcall', { isClone: false }],
  ['npx rollcall', { isClone: false, npxPackage: 'rollcall' }],
  ['npx --yes ./rollcall-1.2.3.tgz', { isClone: false, npxPackage: './rollcall-1.2.3.tgz' }],
  ['docker exec 0123456789ab rollcall', { isClone: false, container: '0123456789ab' }],
])('names the command line %s', (call, installation) => {
  expect(programCall(installation)).toBe(call);
});

it('names documents by their full path in an installed package, and leaves other paths', () => {
  const text = 'See docs/stores.md, docs/decisions/0001-x.md, a/docs/stores.md and https://x/docs/y.md.';
  expect(withDocuments(text, '/lib/rollcall/docs')).toBe(
    'See /lib/rollcall/docs/stores.md, /lib/rollcall/docs/decisions/0001-x.md, a/docs/stores.md and https://x/docs/y.md.',
  );
  expect(withDocuments(text)).toBe(text);
});
