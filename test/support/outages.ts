/**
 * Runs every command that reads a store while the store fails at one statement after another: an outage must be reported as an
 * outage, and never as stored data.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { Command } from '../../src/cli/command.ts';
import type { Terminal } from '../../src/base/terminal.ts';
import { doctor } from '../../src/cli/commands/doctor.ts';
import { exportRecords } from '../../src/cli/commands/export.ts';
import { retention } from '../../src/cli/commands/retention.ts';
import { store as storeCommand } from '../../src/cli/commands/store.ts';
import { verify } from '../../src/cli/commands/verify.ts';
import type { CommandName } from '../../src/cli/options/option.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { createReadiness } from '../../src/serve/observe/readiness.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { longestMs, often } from './often.ts';
import { aRecord, aSession, participants } from './records.ts';
import { importLines } from './server.ts';

/** A store that can be made to fail. */
interface FailingBackend {
  /** The store URL that can fail, as an option value. */
  readonly url: string;
  /** Opens the store through a connection that does not fail. */
  readonly open: () => Promise<CallRecordStore>;
  /** Makes it fail from a statement on, counted from 1. */
  readonly begin: (at: number) => void;
  /** Makes it work again. @returns Whether it failed */
  readonly end: () => boolean;
}

const outageTenant = '33333333-3333-4333-8333-333333333333';

export async function fill(store: CallRecordStore): Promise<void> {
  const list = { participants_v2: participants(3), sessions: [aSession('s', 'participant-0')] };
  await importLines(
    store,
    [
      aRecord('whole', list),
      aRecord('whole', { ...list, version: 2, joinWebUrl: 'x' }),
      aRecord('found', { participants_v2: participants(2), sessions: [aSession('s', 'participant-7')] }),
      aRecord('cut', { participants_v2: participants(3), 'participants_v2@odata.nextLink': 'https://next' }),
    ],
    outageTenant,
  );
}

interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The message that a command ends with when the store fails. */
  readonly sentence: string | undefined;
}

/** For commands with a statement per row: not every statement is tried. */
const many = { isLong: true };
/** Intervals: after this many statements every second one is tried, after twice as many every third. */
const step = { short: often(2, 400), long: often(2, 20) };
/** Ends a loop in which the command never finishes. */
const mostStatements = 400;
const outage = /^The store .*(does not work|does not answer|cannot be opened)/;
const damage = /damaged|backup|not what was stored|contradicts/i;

export function outageSuite(name: string, start: () => Promise<FailingBackend>): void {
  describe(`an outage of ${name}, at whichever statement,`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    /** Runs a command once for each of its statements, which fails, until a run without a failure. */
    async function atEach(
      backend: FailingBackend,
      run: (failedAt: number | undefined) => Promise<void>,
      { afterwards = () => Promise.resolve(), isLong = false } = {},
    ) {
      await run(undefined);
      await afterwards();
      for (let at = 1; at < mostStatements; at += 1 + Math.floor(at / (isLong ? step.long : step.short))) {
        backend.begin(at);
        let isOver = false;
        try {
          await run(at);
        } finally {
          isOver = !backend.end();
        }
        await afterwards();
        if (isOver) {
          expect(at).toBeGreaterThan(3);
          return;
        }
      }
      throw new Error('There are too many statements.');
    }

    it(
      'ends verify with a sentence, and is neither reported nor kept as damage',
      { timeout: longestMs },
      async () => {
        const backend = await start();
        let sound: Ran | undefined;
        await atEach(backend, async () => {
          const ran = await runCommand(verify, 'verify', ['--json', '--store', backend.url]);
          sound ??= ran;
          expect(ran.code === undefined ? expectOutage(ran) : ran).toEqual(
            ran.code === undefined ? true : sound,
          );
        });
        expect([sound?.code, JSON.parse(sound!.stdout)]).toMatchObject([3, { records: 3, corrupt: 0 }]);
        await using store = await backend.open();
        const kept = await store.evidence.lastVerification(outageTenant);
        expect(JSON.parse(kept!.report)).toMatchObject({ records: 3, corrupt: 0 });
      },
    );

    it('is all that doctor finds wrong', { timeout: longestMs }, async () => {
      const backend = await start();
      let sound: readonly string[] | undefined;
      await atEach(backend, async () => {
        const ran = await runCommand(doctor, 'doctor', ['--json', '--store', backend.url]);
        const { findings } = JSON.parse(ran.stdout) as { findings: { state: string; says: string }[] };
        const wrong = findings.filter(({ state }) => state === 'wrong').map(({ says }) => says);
        sound ??= wrong; // a gap of long ago
        if (wrong.join() !== sound.join()) expect(wrong).toEqual([expect.stringMatching(outage)]);
        expect(wrong.join()).not.toMatch(damage);
      });
    });

    it(
      'ends export with an error message, and no file claims to be complete',
      { timeout: longestMs },
      async () => {
        const backend = await start();
        const out = join(folder, 'calls.csv');
        let sound: string | undefined;
        await atEach(backend, async () => {
          for (const file of [out, `${out}.part`, `${out}.manifest.json`]) rmSync(file, { force: true });
          const args = ['--quiet', '--what', 'participants', '--format', 'csv', '--out', out];
          const ran = await runCommand(exportRecords, 'export', [...args, '--store', backend.url]);
          if (ran.code === undefined) {
            expectOutage(ran);
            expect(() => readFileSync(out)).toThrow(/ENOENT/);
            return;
          }
          sound ??= readFileSync(out, 'utf8');
          expect([ran.code, readFileSync(out, 'utf8')]).toEqual([3, sound]);
        });
      },
    );

    it('ends store copy with a sentence that calls no call damaged', { timeout: longestMs }, async () => {
      const backend = await start();
      let round = 0;
      await atEach(
        backend,
        async () => {
          const to = `sqlite:${join(folder, `copy-${round++}.db`)}`;
          const ran = await runCommand(storeCommand, 'store', [
            'copy',
            '--quiet',
            '--from',
            backend.url,
            '--to',
            to,
          ]);
          if (ran.code === undefined) expectOutage(ran);
          else expect([ran.code, ran.stderr]).toEqual([0, '']);
        },
        many,
      );
    });

    it(
      'ends retention with an error message, and the same command resumes',
      { timeout: longestMs },
      async () => {
        const backend = await start();
        const args = ['--quiet', '--before', '2026-04-01T00:00:00Z', '--store', backend.url];
        const run = async () => {
          const ran = await runCommand(retention, 'retention', args);
          if (ran.code === undefined) expectOutage(ran);
          else expect(ran.code).toBe(0);
        };
        const afterwards = async () => {
          expect((await runCommand(retention, 'retention', args)).code).toBe(0);
          await using store = await backend.open();
          expect((await store.evidence.tally(outageTenant)).editions).toBe(0);
          await fill(store);
        };
        await atEach(backend, run, { afterwards, ...many });
      },
    );

    it('makes a process unready, and nothing else', { timeout: longestMs }, async () => {
      const backend = await start();
      await atEach(backend, async (at) => {
        await using store = await openBy(backend);
        if (store === undefined) return;
        const troubles: unknown[] = [];
        const onTrouble = (error: unknown) => troubles.push(error);
        const readiness = createReadiness({
          store,
          clock: systemClock,
          longestLagMs: 1e12,
          onError: onTrouble,
        });
        const { ready, checks } = await readiness();
        expect(ready).toBe(troubles.length === 0);
        if (at === undefined) expect(ready).toBe(true);
        if (!ready) expect(checks.map(({ about, state }) => [about, state])).toEqual([['store', 'wrong']]);
        expect(troubles.every((one) => one instanceof StoreError)).toBe(true);
      });
    });
  });
}

async function openBy({ url }: FailingBackend): Promise<CallRecordStore | undefined> {
  const { openStore } = await import('../../src/store/open-store.ts');
  try {
    return await openStore(url, systemClock);
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return undefined;
  }
}

function expectOutage({ sentence, stdout }: Ran): true {
  expect(stdout).toBe('');
  expect(sentence).toMatch(outage);
  expect(sentence).not.toMatch(damage);
  return true;
}

async function runCommand(command: Command, name: CommandName, args: readonly string[]): Promise<Ran> {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const terminal = {
    ...{ stdin: process.stdin, stdout, stderr, clock: systemClock },
    stopSignal: () => new AbortController().signal,
    onReload: () => undefined,
  } as unknown as Terminal; // no screen, and nothing is read from it
  try {
    const code = await command(readSettings(name, args, {}), terminal);
    return { code, stdout: stdout.text, stderr: stderr.text, sentence: undefined };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { code: undefined, stdout: stdout.text, stderr: stderr.text, sentence: error.message };
  }
}

class Collected extends Writable {
  text = '';

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.text += piece.toString();
    done();
  }
}
