/** Links between pages of the documentation lead somewhere, and the index leads to every page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const under = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const docs = under('docs');
const pages = [...readdirSync(root).filter((name) => name.endsWith('.md')), ...docs];

/** Code and comments are no links. */
function proseOf(page: string): string {
  return readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```$|<!--[^]*?-->|`[^`\n]+`/gm, '');
}

/** The targets of a page's links that are in the repository, as they are written. */
function linksOf(page: string): readonly string[] {
  const text = proseOf(page);
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, defined]) => (inline ?? defined)!,
  );
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading.replaceAll(/\[([^[\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let i = 1; anchors.has(unique); i++) unique = `${anchor}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}

/** What a link leads to: a file or folder, and an anchor in it. */
function targetOf(
  page: string,
  link: string,
): { readonly path: string; readonly anchor: string | undefined } {
  const [path = '', anchor] = link.split('#');
  return { path: path === '' ? page : relative(root, join(root, dirname(page), decodeURI(path))), anchor };
}

describe('the documentation', () => {
  it.each(pages)('%s links to files and headings that exist', (page) => {
    const broken = linksOf(page).filter((link) => {
      const { path, anchor } = targetOf(page, link);
      if (!existsSync(join(root, path))) return true;
      return anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('has an index, docs/README.md, that links to every page of docs/, or to the index of its folder', () => {
    const linkedFrom = (page: string) => linksOf(page).map((link) => targetOf(page, link).path);
    const linked = linkedFrom('docs/README.md');
    const indexes = linked.filter((path) => path.endsWith('/README.md'));
    const reached = new Set(['docs/README.md', ...linked, ...indexes.flatMap(linkedFrom)]);
    expect(docs.filter((page) => !reached.has(page))).toEqual([]);
  });
});
