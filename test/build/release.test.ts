/** Tests that a release publishes one version with its notes, and nothing where the repository holds two. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { releaseNotes } from '../../build/release.ts';
import { version } from '../../src/base/version.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const files =
  (changelog: string, chart = '1.2.3') =>
  (path: string) =>
    ({
      'package.json': '{"version":"1.2.3"}',
      'package-lock.json': '{"version":"1.2.3","packages":{"":{"version":"1.2.3"}}}',
      'deploy/helm/rollcall/Chart.yaml': `name: rollcall\nversion: ${chart}\nappVersion: ${chart}\n`,
      'CHANGELOG.md': changelog,
    })[path]!;
const changelog = `# Changelog

## Unreleased

## 1.2.3 (2026-11-30)

### Added

- A feature.

## 1.2.2

- Older.
`;

it('prints the section of the version', () => {
  expect(releaseNotes('v1.2.3', files(changelog))).toEqual({
    notes: '### Added\n\n- A feature.\n',
    problems: [],
  });
});

it('rejects a tag of another version', () => {
  expect(releaseNotes('v1.2.4', files(changelog)).problems).toEqual([
    "The tag 'v1.2.4' is not v1.2.3, the version in package.json. Delete the tag, or change the version.",
  ]);
});

it('rejects a chart of another version, and names the file', () => {
  const { problems } = releaseNotes('v1.2.3', files(changelog, '1.2.0'));
  expect(problems).toHaveLength(2);
  expect(problems[1]).toBe(
    'appVersion in deploy/helm/rollcall/Chart.yaml has 1.2.0, and package.json 1.2.3. Set both to one version.',
  );
});

it.each(['## 1.2.30\n\n- Another.\n', '## 1.2.3\n\n## 1.2.2\n\n- Older.\n'])(
  'rejects a changelog without text for the version: %j',
  (text) => {
    expect(releaseNotes('v1.2.3', files(text))).toMatchObject({
      notes: '',
      problems: [expect.stringContaining("no text below '## 1.2.3'") as string],
    });
  },
);

it('finds one version everywhere in this repository, and its notes', () => {
  const { notes, problems } = releaseNotes(`v${version}`, (path) =>
    readFileSync(join(project, path), 'utf8'),
  );
  expect(problems).toEqual([]);
  expect(notes).toContain('### Added');
});

it('a clone accepts the Node that sets it up, and the package requires the Node that runs it', () => {
  const { engines, scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
    readonly engines: object;
    readonly scripts: Readonly<Record<string, string>>;
  };
  expect(engines).toEqual({ node: '>=20' });
  expect([scripts['prepack'], scripts['postpack']]).toEqual([
    expect.stringMatching(/ && node build\/engines\.js packed$/),
    'node build/engines.js clone',
  ]);
});
