/** Runs a test of the suite with a larger count. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Attack, Findings } from './attack.ts';

interface SuiteAttack extends Pick<Attack, 'name' | 'promise' | 'count' | 'minutes'> {
  readonly file: string;
  /** What is counted. */
  readonly inputs: string;
  /** The variable by which the test takes its count; it takes its seed from `ROLLCALL_TEST_SEED`. */
  readonly variable: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export function suiteAttack({ file, inputs, variable, ...attack }: SuiteAttack): Attack {
  return {
    ...attack,
    async run({ seed, count, signal }) {
      const findings = new Findings();
      const folder = mkdtempSync(join(tmpdir(), 'rollcall-attack-'));
      const output = join(folder, 'report.json');
      const args = [vitest, 'run', file, '--reporter=json', `--outputFile=${output}`];
      const timeout = String(attack.minutes * 60_000);
      try {
        await new Promise<void>((resolve) => {
          const env = { ...process.env, [variable]: String(count), ROLLCALL_TEST_SEED: String(seed) };
          const options = { cwd: root, env, signal, maxBuffer: 2 ** 26 };
          execFile(process.execPath, [...args, `--testTimeout=${timeout}`], options, (error) => {
            if (error?.name === 'AbortError')
              findings.fault('not done in its time: try a lower --scale on a slow machine');
            resolve();
          });
        });
        if (findings.faultCount === 0) take(findings, JSON.parse(readFileSync(output, 'utf8')) as Report);
        if (findings.faultCount === 0 && findings.attempts > 0) findings.add(inputs, count);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      return findings;
    },
  };
}

function take(findings: Findings, { testResults }: Report): void {
  for (const { message, assertionResults } of testResults) {
    if (assertionResults.length === 0) findings.fault(message.slice(0, 500));
    for (const { status, fullName, failureMessages } of assertionResults) {
      findings.add(`tests ${status}`);
      if (status === 'failed') findings.fault(`${fullName}: ${failureMessages.join(' ').slice(0, 1000)}`);
    }
  }
}
