/** Checks docs/developing.md against the code: its examples run, and its tables name everything. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { controlRoutes } from '../../src/emulator/http/control-routes.ts';
import { actionNames, controlBodies, schemaOf } from '../../src/emulator/control-bodies.ts';
import { oddKinds } from '../../src/emulator/odd/kinds.ts';
import { startDev } from '../support/emulator.ts';

const text = readFileSync(new URL('../../docs/developing.md', import.meta.url), 'utf8');
const examples = fileURLToPath(new URL('../../docs/examples', import.meta.url));

describe('docs/developing.md', () => {
  it.each([
    { example: 'a webhook receiver', file: 'receiver', right: '? 202 : 503', wrong: '? 202 : 202' },
    {
      example: 'a collector',
      file: 'collector',
      right: "problem: 'a link was repeated'",
      wrong: 'problem: undefined',
    },
  ] as const)('has $example whose test passes against dev, and fails where it is wrong', async (given) => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-example-'));
    cpSync(examples, folder, { recursive: true });
    const dev = await startDev(
      ...['--store', 'memory:', '--no-generate', '--clock-standing', '--clock-start', '2026-11-02T12:00:00Z'],
    );
    const run = () =>
      promisify(execFile)(process.execPath, [`${given.file}.test.mjs`], {
        cwd: folder,
        env: { ...process.env, ROLLCALL_URL: dev.url },
      });
    expect(await run()).toEqual({ stdout: `${given.file}: passed\n`, stderr: '' });
    const program = join(folder, `${given.file}.mjs`);
    const sound = readFileSync(program, 'utf8');
    expect(sound).toContain(given.right);
    writeFileSync(program, sound.replace(given.right, given.wrong));
    await expect(run()).rejects.toThrow(/TypeError|AssertionError/);
    expect(await dev.stop()).toBe(0);
    rmSync(folder, { recursive: true });
  });

  it('names every path, effect, action, and what a match may say', () => {
    const { properties } = schemaOf('clock') as { properties: object };
    const rule = JSON.parse(JSON.stringify(schemaOf('faults'))) as {
      anyOf: [{ properties: Record<'match' | 'effect', { properties: object }> }];
    };
    const { match, effect } = rule.anyOf[0].properties;
    const names = [
      ...controlRoutes.map(({ method, template }) => `\`${method} ${template}\``),
      ...Object.keys(properties).map((name) => `"${name}"`),
      ...Object.keys(match.properties).map((name) => `\`${name}\``),
      ...Object.keys(effect.properties),
      ...actionNames.map((name) => `\`${name}\``),
      ...oddKinds.map((name) => `- \`${name}\``),
    ];
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });

  it('shows a scenario that is one', () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
    expect(controlBodies.scenario.safeParse(JSON.parse(json)).error?.issues).toBeUndefined();
  });
});
