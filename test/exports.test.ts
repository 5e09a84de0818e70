/** The check of exports that test/architecture.test.ts makes finds what it is to find. */
import { describe, expect, it } from 'vitest';
import { moduleOf } from './support/modules.ts';
import { unusedExports } from './support/unused-exports.ts';

const modulesOf = (texts: Readonly<Record<string, string>>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, moduleOf(path, text)]));

describe('the check of exports', () => {
  const source = `
    export interface Shape { readonly a: 1 }
    export type Kind = 'x';
    export class Box {}
    export async function open() {}
    export const [first, { second: renamed }] = [1, { second: 2 }];
    const late = 1;
    export { late as later };
    const own = 2;`;

  it('finds every kind of export', () => {
    expect(unusedExports(modulesOf({ 'src/a.ts': source }))).toEqual(
      ['Shape', 'Kind', 'Box', 'open', 'first', 'renamed', 'later'].map((name) => `src/a.ts ${name}`),
    );
  });

  it.each([
    ["import { open as o, type Shape, later } from '../src/a.ts';", ['Kind', 'Box', 'first', 'renamed']],
    ["import type { Kind, Box } from './../src/a.ts';", ['Shape', 'open', 'first', 'renamed', 'later']],
    ["export { Box, first as one } from '../src/a.ts';", ['Shape', 'Kind', 'open', 'renamed', 'later']],
    ["import * as all from '../src/a.ts';", []],
    ["export * from '../src/a.ts';", []],
    ["const { open } = await import('../src/a.ts');", []],
    ["new Worker(new URL('../src/a.ts', import.meta.url))", []],
    ["import '../src/a.ts';", ['Shape', 'Kind', 'Box', 'open', 'first', 'renamed', 'later']],
  ])('sees what %s imports', (text, unused) => {
    const found = unusedExports(modulesOf({ 'src/a.ts': source, 'test/b.ts': text }));
    expect(found.filter((key) => key.startsWith('src/a.ts '))).toEqual(
      unused.map((name) => `src/a.ts ${name}`),
    );
  });
});
