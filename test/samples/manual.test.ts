/** Every example of the manual, as `--help` prints it, runs in a shell. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manual, type Topic, topics } from '../../src/cli/manual/manual.ts';
import { rollcall } from '../support/rollcall.ts';
import { startWorld, type World } from './given.ts';
import type { Sample } from './page.ts';
import { runPage } from './shell.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  // Once for all pages, in this process.
  const { stdout } = await rollcall(['generate', '--calls', '5', '--largest', '4']);
  const file = join(folder, 'records.jsonl');
  writeFileSync(file, stdout);
  mkdirSync(join(folder, 'rollcall-data'), { mode: 0o700 });
  const store = `sqlite:${join(folder, 'rollcall-data/rollcall.db')}`;
  expect((await rollcall(['import', file, '--quiet', '--store', store])).code).toBe(0);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world[Symbol.asyncDispose]();
});

const folder = mkdtempSync(join(tmpdir(), 'rollcall-manual-'));
const records = `cp ${folder}/records.jsonl .`;
const kept = `cp -r ${folder}/. .`;
const callId = `CALL_ID=$(rollcall find --limit 1 --json | jq -r '.calls[0].id')`;
const secret = 'printf rollcall-dev-secret > secret.txt';
/** The log exists before the shell waits for its lines. */
const dev =
  ': > dev.log; { rollcall dev --calls 3 > dev.log & }; grep -q -m1 listening <(tail -n +1 -f dev.log)';

/** What a reader has who comes to the examples of a page. */
const before: Readonly<Partial<Record<Topic, string>>> = {
  serve: `openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
printf sqlite:named.db > store-url; printf '{"authority":"https://login.microsoftonline.com/%s/v2.0","audience":"api://rollcall","port":7656}' $TENANT_ID > rollcall.json`,
  token: `unset ROLLCALL_UPSTREAM; ${dev}`,
  sync: `${secret}; ${dev}`,
  verify: kept,
  retention: kept,
  quarantine: kept,
  doctor: `${secret}; ${kept}; rollcall verify --quiet`,
  import: `${records}; mkdir saved-pages; cp records.jsonl saved-pages; gzip -c records.jsonl > old.jsonl.gz`,
  export: `${kept}; ${callId}`,
  find: kept,
  show: `${kept}; ${callId}`,
  store: kept,
  'store info': kept,
  'store copy': kept,
  'store backup': kept,
  config: `printf '{"workers":3}' > rollcall.json`,
};

/** Examples that stay, and what they print when they do what they are for. */
const stays: readonly (readonly [RegExp, string])[] = [
  [/^rollcall dev|rollcall serve /, 'listening on'],
  [/^rollcall sync (?!--once)/, 'health=http'],
];

/** What a command may end with here: a synthetic tenant is not the reader's. */
const mayEnd: readonly (readonly [RegExp, string])[] = [
  // Nothing is kept of a tenant that was only imported, and what upstream lists changes.
  [/^rollcall doctor/, '{ [ $? -eq 3 ] || exit 1; }'],
  // No test of a single machine has a cluster.
  [/^rollcall store distribute/, '{ [ $? -eq 1 ] || exit 1; }'],
];

it.each(topics)('of %s', { timeout: 180_000 }, async (topic) => {
  const sample = (line: number, commands: string, goesOn?: string): Sample => ({
    page: topic,
    line,
    commands,
    shown: undefined,
    goesOn,
    notRun: undefined,
  });
  const examples = Object.keys(manual[topic].examples).flatMap((run, i) => {
    const ends = mayEnd.find(([form]) => form.test(run))?.[1];
    const goesOn = stays.find(([form]) => form.test(run))?.[1];
    const itself = sample(i, ends === undefined ? run : `${run} || ${ends}`, goesOn);
    // Each listens on another port.
    return goesOn === undefined ? [itself] : [sample(i, 'export ROLLCALL_PORT=0'), itself];
  });
  const given = await world.given();
  const { code, output } = await runPage([sample(-1, before[topic] ?? 'true'), ...examples], {
    ...given,
    // What `dev` generates without --calls.
    environment: { ...given.environment, ROLLCALL_CALLS: '5' },
  });
  expect(code, output).toBe(0);
});
