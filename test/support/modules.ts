/** Reads what each file imports and exports, with TypeScript's own parser. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** An import of another file: a statement, `import()`, or the URL of a module that a thread or a process loads. */
interface Import {
  /** Relative to the project's folder. */
  readonly path: string;
  /** True when only types are imported. */
  readonly isType: boolean;
}

export interface Module {
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly exported: readonly string[];
  /** Names by the path they are imported from; `*` is all of them. */
  readonly imported: readonly (readonly [path: string, name: string])[];
}

/** Reads a module. @param path Relative to the project's folder. */
export function moduleOf(path: string, text: string): Module {
  const exported: string[] = [];
  const imported: [string, string][] = [];
  const imports: Import[] = [];
  const at = (specifier: ts.Expression) => join(dirname(path), (specifier as ts.StringLiteral).text);
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      imports.push({ path: at(statement.moduleSpecifier), isType: isTypeImport(statement) });
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
      imports.push({ path: at(moduleSpecifier), isType: statement.isTypeOnly });
      for (const { name, propertyName } of elements)
        imported.push([at(moduleSpecifier), (propertyName ?? name).text]);
      if (elements.length === 0) imported.push([at(moduleSpecifier), '*']);
    } else exported.push(...declaredBy(statement));
  }
  // For `import('./x.ts')`, and for a module that a thread or a process loads, the imported names are not examined.
  for (const [, specifier] of text.matchAll(/\b(?:import|new URL)\(\s*'(\.[^']+)'/g)) {
    imported.push([join(dirname(path), specifier!), '*']);
    imports.push({ path: join(dirname(path), specifier!), isType: false });
  }
  return { lines: text.trimEnd().split('\n').length, imports, exported, imported };
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function declaredBy(statement: ts.Statement): readonly string[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundBy(name));
  const { name } = statement as ts.DeclarationStatement; // any other export has a name
  return name === undefined ? ['default'] : [name.text];
}

function boundBy(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundBy(element.name) : []));
}

/** Reads all files in folders of a project, and the files in the project's own folder. */
export function modulesIn(project: string, folders: readonly string[]): ReadonlyMap<string, Module> {
  const paths = ['.', ...folders].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|m?js)$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );
  return new Map(paths.map((path) => [path, moduleOf(path, readFileSync(join(project, path), 'utf8'))]));
}
