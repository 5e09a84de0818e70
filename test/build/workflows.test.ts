/** Tests that the workflows run only what is in the repository, with pinned actions, few rights and a limit of time. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly 'timeout-minutes'?: number;
  readonly permissions?: object;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const project = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(project, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
const names = readdirSync(join(project, '.github/workflows'));

describe.each(names)('%s', (name) => {
  const { permissions, jobs } = parse(read(`.github/workflows/${name}`)) as Workflow;
  const all = Object.values(jobs);
  const steps = all.flatMap((job) => job.steps ?? []);

  it('runs files and npm scripts that exist', () => {
    const commands = steps.map(({ run = '' }) => run).join('\n');
    const paths = [...commands.matchAll(/(?:\.ci|build|test|bin)\/[\w./-]+/g)].map(([path]) => path);
    expect(paths.filter((path) => !existsSync(join(project, path)))).toEqual([]);
    const asked = [...commands.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, script]) => script!);
    expect(asked.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('uses actions of one exact version, and workflows of this repository', () => {
    const used = [...steps, ...all].flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    const isThere = (one: string) => one.startsWith('./') && existsSync(join(project, one));
    expect(used.filter((one) => !/@v\d+\.\d+\.\d+$/.test(one) && !isThere(one))).toEqual([]);
  });

  it('reads the repository, and may write only where a job says so', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  it('waits for jobs that exist, each with a limit of time', () => {
    const needed = all.flatMap(({ needs = [] }) => needs);
    expect(needed.filter((job) => !(job in jobs))).toEqual([]);
    const endless = all.filter((job) => job.uses === undefined && job['timeout-minutes'] === undefined);
    expect(endless).toEqual([]);
  });
});

it('a release hands on what its first job made', () => {
  const { jobs } = parse(read('.github/workflows/release.yml')) as Workflow;
  const made = new Set<string>();
  const taken = new Set<string>();
  for (const { uses, with: { name } = {} } of Object.values(jobs).flatMap((job) => job.steps ?? [])) {
    if (uses?.startsWith('actions/upload-artifact@')) made.add(name!);
    if (uses?.startsWith('actions/download-artifact@')) taken.add(name!);
  }
  expect([...made]).toEqual([...taken]);
});

it('.ci/run and ci.yml run the same steps', () => {
  accessSync(join(project, '.ci/steps'), constants.X_OK);
  expect(read('.ci/run')).toMatch(/^exec \.ci\/steps$/m);
  expect(read('.github/workflows/ci.yml')).toMatch(/^ +run: \.ci\/steps$/m);
  const asked = [...read('.ci/steps').matchAll(/^npm run (?:-s )?([\w:]+)/gm)].map(([, script]) => script!);
  expect(asked).toEqual(['check', 'audit', 'test:package']);
  expect(asked.filter((script) => !(script in scripts))).toEqual([]);
});

describe.each(readdirSync(join(project, '.github/ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml'))(
  'the form %s',
  (file) => {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${file}`)) as Record<string, unknown> & {
      readonly body: readonly {
        readonly type: string;
        readonly id?: string;
        readonly attributes: { readonly label?: string; readonly options?: readonly string[] };
      }[];
    };

    it('has a name, and fields with labels and ids of their own', () => {
      expect([typeof form['name'], typeof form['description']]).toEqual(['string', 'string']);
      const fields = form.body.filter(({ type }) => type !== 'markdown');
      expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
      const known = ['input', 'textarea', 'dropdown', 'checkboxes'];
      const odd = fields.filter(
        ({ type, attributes: { label, options } }) =>
          !known.includes(type) || label === undefined || (type === 'dropdown' && options === undefined),
      );
      expect(odd).toEqual([]);
    });
  },
);
