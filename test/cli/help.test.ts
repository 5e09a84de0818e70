/** `--help`: what it says, how it is laid out, and when it is shown. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { helpOn } from '../../src/cli/manual/help.ts';
import { programInHelp } from '../../src/cli/installation.ts';
import { commandGroups, manual, topics } from '../../src/cli/manual/manual.ts';
import { explain, optionGroups, optionsOf, optionTable } from '../../src/cli/options.ts';
import type { CommandName } from '../../src/cli/options/option.ts';
import { rollcall } from '../support/rollcall.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const plain = (...words: string[]) => helpOn({ words }, {}, {});
const short = (...words: string[]) => helpOn({ words, isShort: true }, {}, {}, programInHelp());
const whole = (...words: string[]) => helpOn({ words }, {}, {}, programInHelp());
const flagsIn = (text: string) => [...text.matchAll(/^ {4}--([a-z-]+)/gm)].map(([, name]) => name);

describe('the help of a command', () => {
  it.each(topics)('of %s has every section, its options and no others', (topic) => {
    const text = plain(...topic.split(' '));
    const titles = [...text.matchAll(/^[A-Z][a-z]+(?: [a-z]+)?(?=$|:)/gm)].map(([title]) => title);
    expect(titles).toEqual(['Usage', 'Options', 'Exit codes', 'Examples']);
    if (topic === 'config') return;
    const [command, action] = topic.split(' ') as [CommandName, string?];
    const own = optionGroups(command, action).flatMap(({ names }) => names);
    expect(flagsIn(text)).toEqual(own);
    if (action === undefined) expect([...own].sort()).toEqual([...optionsOf(command)].sort());
  });

  it.each(topics)('of %s names documents that exist, and its own exit codes', (topic) => {
    const text = plain(...topic.split(' '));
    const named = text.match(/docs\/[\w-]+\.md/g) ?? [];
    expect(named.filter((name) => !existsSync(join(project, name)))).toEqual([]);
    const codes = [...text.matchAll(/^ {2}(\d) {3}\S/gm)].map(([, code]) => code);
    expect(codes).toEqual(manual[topic].exits?.[3] === undefined ? ['0', '1', '2'] : ['0', '1', '2', '3']);
  });

  it('says what an option means to the command it is of', () => {
    expect(explain('from', 'export')).toMatch(/^Only calls/);
    expect(explain('from', 'store')).toMatch(/^The store to read/);
    expect(plain('store', 'copy')).toContain('--from URL');
    expect(plain('verify')).toContain('Default: all tenants.');
    expect(explain('store', 'serve')).toContain(' ROLLCALL_STORE_FILE names a file with it.');
    // Nothing is said of one command in the help of another.
    for (const { help } of Object.values(optionTable))
      expect(help).not.toMatch(/\b(sync|serve|dev|export): /);
  });
});

describe('the short help', () => {
  const lines = (text: string) => text.trimEnd().split('\n');

  it('has every command in one group of the overview, which fits a screen', () => {
    const commands = Object.values(commandGroups).flat();
    expect([...commands].sort()).toEqual(topics.filter((topic) => !topic.includes(' ')).sort());
    expect(lines(plain()).length).toBeLessThan(24);
    expect(plain()).toContain('Microsoft Teams');
  });

  it.each(topics)('of %s fits a screen, and names the help with every option', (topic) => {
    const text = helpOn({ words: topic.split(' '), isShort: true }, {}, {});
    expect(lines(text).length).toBeLessThanOrEqual(topic === 'dev' ? 24 : 40);
    expect(text).toContain(`rollcall help ${topic} shows every option.`);
    const own = optionGroups(...(topic.split(' ') as [CommandName, string?])).flatMap(({ names }) => names);
    const named = [...text.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
    expect(named.filter((name) => !own.some((one) => one === name))).toEqual([]);
    if (topic === 'dev') expect(lines(short('dev')).filter((line) => line.length > 80)).toEqual([]);
  });

  it('continues a long command on the next line, as a shell reads it', () => {
    const text = helpOn({ words: ['serve'] }, {}, {}, 'npx rollcall');
    expect(text.replaceAll(/ \\\n +/g, ' ')).toContain(
      Object.keys(manual.serve.examples)[0]!.replace('rollcall', 'npx rollcall'),
    );
  });
});

describe('its layout', () => {
  // Commands are not broken, so that they can be pasted; a word that is longer than the line stands alone.
  const widthOf = (text: string) =>
    Math.max(
      ...text
        .split('Examples')[0]!
        .split('\n')
        .filter((line) => line.trim().includes(' ') && !line.startsWith('Usage'))
        .map((line) => line.length),
    );

  it('is as wide as the terminal, 100 at most, and 80 where there is none', () => {
    for (const words of topics.map((topic) => topic.split(' '))) {
      expect(widthOf(plain(...words))).toBeLessThanOrEqual(80);
      expect(widthOf(helpOn({ words }, { isTTY: true, columns: 60 }, { NO_COLOR: '1' }))).toBeLessThanOrEqual(
        60,
      );
    }
    expect(widthOf(plain())).toBeLessThanOrEqual(80);
    const wide = widthOf(helpOn({ words: ['sync'] }, { isTTY: true, columns: 300 }, {}));
    expect([wide > 90, wide <= 100]).toEqual([true, true]);
  });

  it('keeps every word of a text that it breaks', () => {
    const words = (text: string) => text.replaceAll(/\s+/g, ' ');
    for (const topic of topics)
      expect(
        words(helpOn({ words: topic.split(' ') }, { isTTY: true, columns: 40 }, { NO_COLOR: '1' })),
      ).toContain(words(manual[topic].text));
  });

  it('has bold headings on a terminal alone, and not with NO_COLOR', () => {
    const bold = '\u001b[1mUsage\u001b[22m';
    expect(helpOn({ words: [] }, { isTTY: true, columns: 80 }, {})).toContain(bold);
    for (const [screen, environment] of [
      [{}, {}],
      [{ isTTY: true }, { NO_COLOR: '1' }],
      [{ isTTY: true }, { TERM: 'dumb' }],
    ] as const)
      expect(helpOn({ words: [] }, screen, environment)).not.toContain('\u001b');
    expect(helpOn({ words: [] }, { isTTY: true }, { NO_COLOR: '' })).toContain(bold);
  });
});

describe('help is asked for', () => {
  it('with a word before, or an option behind, of a command or an action', async () => {
    for (const [asked, topic] of [
      [['help', 'sync'], 'sync'],
      [['sync', '--help'], 'sync'],
      [['sync', '--once', '-h'], 'sync'],
      [['help', 'store', 'copy'], 'store copy'],
      [['store', 'copy', '--help'], 'store copy'],
      [['store', '--help'], 'store'],
      [['import', 'file.jsonl', '--help'], 'import'],
      [['help', 'help'], undefined],
    ] as const) {
      const { code, stdout } = await rollcall(asked);
      if (topic === undefined) expect([asked, code]).toEqual([asked, 2]);
      else {
        const text = (asked[0] === 'help' ? whole : short)(...topic.split(' '));
        expect([asked, code, stdout]).toEqual([asked, 0, text]);
      }
    }
    const overview = whole();
    expect((await rollcall(['help'])).stdout).toBe(overview);
    expect((await rollcall(['--help'])).stdout).toBe(overview);
    expect(await rollcall([])).toEqual({ code: 2, stdout: '', stderr: overview });
  });

  it('is no name of a file behind --', async () => {
    expect(await rollcall(['import', '--', '--help'])).toEqual({
      code: 2,
      stdout: '',
      stderr: '--help: there is no such file or folder, or this user may not read it.\n',
    });
  });

  it.each([
    [['srve'], 'srve: there is no such command. Did you mean serve? See rollcall --help.\n'],
    [['hepl'], 'hepl: there is no such command. Did you mean help? See rollcall --help.\n'],
    [['help', 'snyc'], 'help snyc: there is no such command. Did you mean sync? See rollcall --help.\n'],
    [['help', 'x'], 'help x: there is no such command. See rollcall --help.\n'],
    [
      ['store', 'cpoy'],
      'store cpoy: there is no such action. Did you mean copy? There are info, copy, backup, distribute.\n',
    ],
    [
      ['store', 'info', '--from', 'memory:'],
      '--from: store info has no such option. See rollcall store info --help.\n',
    ],
    [['token', '--rol', 'x'], '--rol: token has no such option. Did you mean --role?\n'],
  ])('%j is told what was meant', async (args, stderr) => {
    expect(await rollcall(args)).toEqual({ code: 2, stdout: '', stderr });
  });
});
