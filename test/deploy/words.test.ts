/** Alerts, panels, comments and messages of `deploy/` use the field's words, in American spelling. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { unclearIn } from '../support/words.ts';
import { read } from './deployed.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(`${project}/deploy`, { recursive: true, encoding: 'utf8' })
  .map((name) => `deploy/${name}`)
  .filter((name) =>
    /\.(ya?ml|json|tpl|service|timer|conf|env|example|cron|sh|ps1|txt)$|Caddyfile$/.test(name),
  );

it.each(files)('%s has no phrase of the list', (file) => {
  const lines = read(file).split('\n');
  // In a deployment, "of its own" is unclear wherever it is.
  const wrong = lines.filter((line) => unclearIn(line).length > 0 || /\bof its own\b/i.test(line));
  expect(wrong).toEqual([]);
});

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
}

it('each alert is a sentence with the value or the place, and says what to do', () => {
  const { groups } = parse(read('deploy/prometheus/rollcall.rules.yml')) as Rules;
  const rules = groups.flatMap((group) => group.rules);
  const sentences = rules.flatMap(({ annotations }) => [
    annotations['summary']!,
    annotations['description']!,
  ]);
  expect(sentences.length).toBeGreaterThan(50);
  expect(sentences.filter((text) => !/^[A-Z{].*\.$/.test(text))).toEqual([]);
  const unplaced = rules.filter(({ annotations }) => !annotations['summary']!.includes('{{'));
  // Its value is an age or, for a tenant without a verification, a count of calls.
  expect(unplaced.map(({ alert }) => alert)).toEqual(['RollcallNotVerified']);
});

it('each panel of the dashboard has a title and a description', () => {
  const { panels } = JSON.parse(read('deploy/grafana/rollcall.json')) as {
    readonly panels: readonly Panel[];
  };
  const lacking = panels.filter(
    ({ type, title, description = '' }) => title === '' || (type !== 'row' && !description.endsWith('.')),
  );
  expect(lacking.map(({ title }) => title)).toEqual([]);
});
