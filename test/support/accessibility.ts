/** Runs axe on a page in a browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Rules of axe that Swagger UI itself violates: tables as regions, and the dialog of *Authorize*. */
export const rulesOfReferenceViewer = [
  'landmark-unique',
  'heading-order',
  'button-name',
  'label-content-name-mismatch',
];

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** A document keeps axe, and axe reports nothing but violations. */
const isLoaded = 'window.axe !== undefined';
const run = `axe.run({ runOnly: ${JSON.stringify(tags)}, resultTypes: ['violations'] }).then(({ violations }) => violations)`;

/** Returns the rules of WCAG 2.2, levels A and AA, that the page violates. */
export async function violations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>(isLoaded))) await page.evaluate(axeSource);
  const found = await page.evaluate<Violation[]>(run);
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
  );
}
