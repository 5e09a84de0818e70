/**
 * The steps of a tutorial, performed as they are written: every item of its lists is one, in one of the wordings below.
 * What stands between them is for readers.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

interface Step {
  readonly line: number;
  readonly text: string;
}

export function stepsOf(file: string): readonly Step[] {
  const lines = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split('\n');
  return lines.flatMap((line, i) => (line.startsWith('- ') ? [{ line: i + 1, text: line.slice(2) }] : []));
}

type Perform = (page: Page, ...words: string[]) => Promise<unknown>;

const wordings: readonly (readonly [RegExp, Perform])[] = [
  [/^Open `http:\/\/127\.0\.0\.1:7655(.*)`\.$/, (page, path) => page.goto(path)],
  [/^Open the tab \*\*(.+)\*\*\.$/, (page, name) => page.getByRole('tab', { name }).click()],
  [/^Press \*\*(.+)\*\*\.$/, (page, name) => page.getByRole('button', { name }).click()],
  [/^Follow \*\*(.+)\*\*\.$/, (page, name) => page.getByRole('link', { name }).click()],
  [/^Type `(.+)` into \*\*(.+)\*\*\.$/, (page, text, field) => labelled(page, field).fill(text)],
  [
    /^Choose \*\*(.+)\*\* in \*\*(.+)\*\*\.$/,
    (page, name, field) => labelled(page, field).selectOption(name),
  ],
  [/^It says “(.+)”\.?$/, (page, words) => page.getByRole('main').getByText(words).first().waitFor()],
  [
    /^The row of “(.+)” says “(.+)”\.$/,
    (page, name, words) => page.getByRole('row').filter({ hasText: name }).getByText(words).first().waitFor(),
  ],
];

/** A label of a choice goes on with what may be chosen. */
function labelled(page: Page, field: string) {
  return page.getByLabel(new RegExp(`^${field.replace(/\W/g, String.raw`\$&`)}`));
}

/** @throws when a step is in no known wording, or cannot be done */
export async function perform(page: Page, { text }: Step): Promise<void> {
  for (const [wording, act] of wordings) {
    const found = wording.exec(text);
    if (found === null) continue;
    await act(page, ...found.slice(1));
    return;
  }
  throw new Error(`No wording of a step: ${text}`);
}
