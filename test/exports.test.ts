/** Every name that a source file exports is imported by another file; what is used in its own file alone is not exported. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));

/** Exports that something else than an import reads, each with its reason. */
const allowed: Readonly<Record<string, string>> = {};

interface Module {
  readonly exported: readonly string[];
  /** Names by the path they are imported from; `*` is all of them. */
  readonly imported: readonly (readonly [path: string, name: string])[];
}

/** @param path From the project's folder. */
function moduleOf(path: string, text: string): Module {
  const exported: string[] = [];
  const imported: [string, string][] = [];
  const at = (specifier: ts.Expression) => join(dirname(path), (specifier as ts.StringLiteral).text);
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined) continue;
      const names = ts.isNamedImports(bindings)
        ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
        : ['*'];
      for (const name of names) imported.push([at(statement.moduleSpecifier), name]);
    } else if (ts.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier } = statement;
      const elements = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : [];
      for (const { name } of elements) exported.push(name.text);
      if (moduleSpecifier === undefined) continue;
      for (const { name, propertyName } of elements)
        imported.push([at(moduleSpecifier), (propertyName ?? name).text]);
      if (elements.length === 0) imported.push([at(moduleSpecifier), '*']);
    } else exported.push(...declaredBy(statement));
  }
  // `import('./x.ts')`, of a value or a type: which names are read is not looked into.
  for (const [, specifier] of text.matchAll(/\bimport\(\s*'(\.[^']+)'/g))
    imported.push([join(dirname(path), specifier!), '*']);
  return { exported, imported };
}

function declaredBy(statement: ts.Statement): readonly string[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundBy(name));
  const { name } = statement as ts.DeclarationStatement; // what else may be exported has a name
  return name === undefined ? ['default'] : [name.text];
}

function boundBy(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundBy(element.name) : []));
}

/** @returns `path name` of each export of `src` that no other module imports */
function unusedExports(modules: ReadonlyMap<string, Module>): string[] {
  const used = new Set<string>();
  for (const { imported } of modules.values()) for (const [path, name] of imported) used.add(`${path} ${name}`);
  return [...modules]
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([path, { exported }]) =>
      used.has(`${path} *`) ? [] : exported.map((name) => `${path} ${name}`).filter((key) => !used.has(key)),
    );
}

const modulesOf = (texts: Readonly<Record<string, string>>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, moduleOf(path, text)]));

function filesOf(folder: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|m?js)$/.test(entry.name))
    .map((entry) => relative(project, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules'));
}

it('no source file exports a name that no other file imports', () => {
  const paths = ['src', 'test', 'bench', 'build', 'bin'].flatMap(filesOf);
  const texts = Object.fromEntries(paths.map((path) => [path, readFileSync(join(project, path), 'utf8')]));
  expect(unusedExports(modulesOf(texts))).toEqual(Object.keys(allowed));
});

describe('the check', () => {
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
    ["import '../src/a.ts';", ['Shape', 'Kind', 'Box', 'open', 'first', 'renamed', 'later']],
  ])('sees what %s imports', (text, unused) => {
    expect(unusedExports(modulesOf({ 'src/a.ts': source, 'test/b.ts': text }))).toEqual(
      unused.map((name) => `src/a.ts ${name}`),
    );
  });
});
