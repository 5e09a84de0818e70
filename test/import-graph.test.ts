/** Each check of the import graph that test/architecture.test.ts makes fails on a change that breaks it. */
import { describe, expect, it } from 'vitest';
import {
  doubledExports,
  forbiddenImports,
  importCycles,
  importsOfPrivate,
  importsOfValues,
  longFiles,
} from './support/import-graph.ts';
import { moduleOf } from './support/modules.ts';

const modulesOf = (texts: Readonly<Record<string, string>>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, moduleOf(path, text)]));

const sound = {
  'src/base/clock.ts': 'export const now = 1;',
  'src/store/store.ts': "import { now } from '../base/clock.ts';\nexport interface Store { at: typeof now }",
  'src/store/sqlite/open.ts': "import type { Store } from '../store.ts';\nexport const open = {} as Store;",
  'src/store/postgres/open.ts': "import type { Store } from '../store.ts';\nexport const open = {} as Store;",
  'src/store/open-store.ts': "import { open } from './sqlite/open.ts';\nexport const openStore = open;",
  'src/emulator/faults.ts': "import type { Store } from '../store/store.ts';\nexport const faults = 2;",
  'src/web/app.tsx': "import type { Store } from '../store/store.ts';",
  'src/cli/commands/dev.ts': "import { faults } from '../../emulator/faults.ts';",
};
const rooms = {
  store: ['base'],
  emulator: ['base', 'store'],
  web: ['store'],
  cli: ['base', 'store', 'emulator'],
};
const users = { emulator: ['src/cli/commands/dev.ts'] };
const engines = ['src/store/sqlite', 'src/store/postgres'] as const;

const checksOf = (change: Readonly<Record<string, string>>) => {
  const modules = modulesOf({ ...sound, ...change });
  return {
    cycles: importCycles(modules),
    arrows: forbiddenImports(modules, rooms, users),
    values: importsOfValues(modules, [['web', 'store']]),
    private: importsOfPrivate(modules, engines, []),
    long: longFiles(modules, 400),
    doubled: doubledExports(modules, engines),
  };
};
const nothing = { cycles: [], arrows: [], values: [], private: [], long: [], doubled: [] };

describe('the checks of the import graph', () => {
  it('find nothing in a sound project', () => {
    expect(checksOf({})).toEqual(nothing);
  });

  it.each([
    ["import type { Store } from './store.ts';\nexport type Row = Store;", 'import type'],
    ["import { type Store } from './store.ts';\nexport type Row = Store;", 'a type among imports'],
    ["export type Row = import('./store.ts').Store;", 'the type of a module'],
    ["export type { Store } from './store.ts';\nexport type Row = 1;", 'an export of another file'],
    ["export type Row = 1;\nnew URL('./store.ts', import.meta.url);", 'the URL of a module'],
  ])('find a cycle made by %j (%s)', (text) => {
    const store = "import type { Row } from './rows.ts';\nexport interface Store { row: Row }";
    const { cycles } = checksOf({ 'src/store/store.ts': store, 'src/store/rows.ts': text });
    expect(cycles).toEqual(['src/store/rows.ts src/store/store.ts']);
  });

  it('find a file that imports itself, and two cycles apart', () => {
    const { cycles } = checksOf({
      'src/base/self.ts': "import './self.ts';",
      'src/base/one.ts': "import './two.ts';",
      'src/base/two.ts': "import './three.ts'; import './clock.ts';",
      'src/base/three.ts': "import './one.ts'; import './self.ts';",
    });
    expect(cycles).toEqual(['src/base/one.ts src/base/three.ts src/base/two.ts', 'src/base/self.ts']);
  });

  it('find no cycle where two ways lead to one file', () => {
    const texts = { 'a.ts': "import './b.ts'; import './c.ts';", 'b.ts': "import './c.ts';", 'c.ts': '' };
    expect(importCycles(modulesOf(texts))).toEqual([]);
  });

  it('find an import of a room above', () => {
    const text = "import type { Store } from '../store/store.ts';\nexport type Late = Store;";
    expect(checksOf({ 'src/base/late.ts': text })).toEqual({
      ...nothing,
      arrows: ['src/base/late.ts -> src/store/store.ts'],
    });
  });

  it('find an import of the emulator, by a command too', () => {
    const text = "import { faults } from '../../emulator/faults.ts';\nexport const serve = faults;";
    expect(checksOf({ 'src/cli/commands/serve.ts': text })).toEqual({
      ...nothing,
      arrows: ['src/cli/commands/serve.ts -> src/emulator/faults.ts'],
    });
  });

  it('find a value where only types may be imported', () => {
    const text = "import { type Store, openStore } from '../store/open-store.ts';";
    expect(checksOf({ 'src/web/app.tsx': text })).toEqual({
      ...nothing,
      values: ['src/web/app.tsx -> src/store/open-store.ts'],
    });
  });

  it('find an import of an engine from outside the store', () => {
    const text = "import { open } from '../store/sqlite/open.ts';\nexport const one = open;";
    expect(checksOf({ 'src/cli/one.ts': text })).toEqual({
      ...nothing,
      private: ['src/cli/one.ts -> src/store/sqlite/open.ts'],
    });
  });

  it('find a file of 401 lines, and none of 400', () => {
    const lines = (count: number) => `${'//\n'.repeat(count - 1)}//\n`;
    const change = { 'src/base/long.ts': lines(401), 'src/base/fits.ts': lines(400) };
    expect(checksOf(change)).toEqual({ ...nothing, long: ['src/base/long.ts 401'] });
  });

  it('find a name that two files export, and two engines and one more', () => {
    const change = { 'src/base/a.ts': 'export type now = 1;', 'src/store/b.ts': 'export type open = 1;' };
    expect(checksOf(change)).toEqual({
      ...nothing,
      doubled: [
        'now: src/base/clock.ts src/base/a.ts',
        'open: src/store/sqlite/open.ts src/store/postgres/open.ts src/store/b.ts',
      ],
    });
  });
});
