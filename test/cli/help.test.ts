/** `--help` and the manual: what they say, how they are laid out, and that man(1) takes them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLines } from '../../src/cli/manual/command-lines.ts';
import { explain, overviewPage, pages, topicPage } from '../../src/cli/manual/page.ts';
import { roffText } from '../../src/cli/manual/roff.ts';
import { terminalText } from '../../src/cli/manual/terminal.ts';
import { manual, topics } from '../../src/cli/manual/topics.ts';
import { optionGroups, optionsOf, optionTable } from '../../src/cli/options.ts';
import type { CommandName } from '../../src/cli/options/option.ts';
import { rollcall } from '../support/rollcall.ts';

const project = new URL('../../', import.meta.url).pathname;
const plain = (topic: (typeof topics)[number]) => terminalText(topicPage(topic), {}, {});
const flagsIn = (text: string) => [...text.matchAll(/^ {4}--([a-z-]+)/gm)].map(([, name]) => name);

describe('a page of the manual', () => {
  it.each(topics)('of %s has every section, its options and no others', (topic) => {
    const text = plain(topic);
    const titles = [...text.matchAll(/^[A-Z][A-Z ]+$/gm)].map(([title]) => title);
    expect(titles.filter((title) => title !== 'FILES' && title !== 'ENVIRONMENT')).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'OPTIONS',
      'EXIT STATUS',
      'EXAMPLES',
      'SEE ALSO',
    ]);
    if (topic === 'config') return;
    const [command, action] = topic.split(' ') as [CommandName, string?];
    const own = optionGroups(command, action).flatMap(({ names }) => names);
    expect(flagsIn(text)).toEqual(own);
    if (action === undefined) expect([...own].sort()).toEqual([...optionsOf(command)].sort());
  });

  it.each(topics)('of %s names pages that there are, and its own exit codes', (topic) => {
    const { seeAlso, exits } = manual[topic];
    const missing = seeAlso.filter((to) => to.startsWith('docs/') && !existsSync(join(project, to)));
    expect(missing).toEqual([]);
    expect(Object.keys(exits)).toEqual(expect.arrayContaining(['0', '2']));
  });

  it('says what an option means to the command it is of', () => {
    expect(explain('from', 'export')).toMatch(/^Calls that started/);
    expect(explain('from', 'store')).toMatch(/^The store to read/);
    expect(plain('store copy')).toContain('--from URL');
    expect(plain('verify')).toContain('Default: all tenants.');
    expect(plain('serve')).toContain('ROLLCALL_STORE, or a file that ROLLCALL_STORE_FILE names.');
    // Nothing is said of one command in the page of another.
    for (const { help } of Object.values(optionTable))
      expect(help).not.toMatch(/\b(sync|serve|dev|export): /);
  });
});

describe('its layout', () => {
  const widthOf = (text: string) =>
    // A word that is longer than the line stands alone.
    Math.max(
      ...text
        .split('\n')
        .filter((line) => line.trim().includes(' '))
        .map((line) => line.length),
    );

  it('is as wide as the terminal, 100 at most, and 80 where there is none', () => {
    for (const page of pages()) {
      expect(widthOf(terminalText(page, {}, {}))).toBeLessThanOrEqual(80);
      // A URL in an example may be wider than a narrow terminal.
      const [narrow = ''] = terminalText(page, { isTTY: true, columns: 60 }, { NO_COLOR: '1' }).split(
        'EXAMPLES',
      );
      expect(widthOf(narrow)).toBeLessThanOrEqual(60);
    }
    const wide = widthOf(terminalText(topicPage('sync'), { isTTY: true, columns: 300 }, { NO_COLOR: '1' }));
    expect([wide > 90, wide <= 100]).toEqual([true, true]);
  });

  it('has bold headings on a terminal alone, and not with NO_COLOR', () => {
    const bold = '\u001b[1mNAME\u001b[22m';
    const overview = overviewPage();
    expect(terminalText(overview, { isTTY: true, columns: 80 }, {})).toContain(bold);
    for (const [screen, environment] of [
      [{}, {}],
      [{ isTTY: true }, { NO_COLOR: '1' }],
      [{ isTTY: true }, { TERM: 'dumb' }],
    ] as const)
      expect(terminalText(overview, screen, environment)).not.toContain('\u001b');
    expect(terminalText(overview, { isTTY: true }, { NO_COLOR: '' })).toContain(bold);
  });

  it('breaks a command where a shell takes it as one', () => {
    const lines = commandLines("printf '%s\\n' a --beta 'two words' | cat && printf '%s\\n' --end", 24);
    expect(lines.length).toBeGreaterThan(2);
    expect(execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' })).toBe(
      'a\n--beta\ntwo words\n--end\n',
    );
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
      else expect([asked, code, stdout]).toEqual([asked, 0, plain(topic)]);
    }
    const overview = terminalText(overviewPage(), {}, {});
    expect((await rollcall(['help'])).stdout).toBe(overview);
    expect((await rollcall(['--help'])).stdout).toBe(overview);
    expect(await rollcall([])).toEqual({ code: 2, stdout: '', stderr: overview });
  });

  it('is no name of a file behind --', async () => {
    expect(await rollcall(['import', '--', '--help'])).toEqual({
      code: 2,
      stdout: '',
      stderr: '--help: there is no such file or folder, or it may not be read.\n',
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

describe('the pages for man(1)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-man-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const asked = spawnSync('man', ['--version'], { encoding: 'utf8' });
  const hasManDb = asked.error === undefined && /^man \d/.test(asked.stdout);

  it('are those that the package lists', () => {
    const { man } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { man: string[] };
    expect(man).toEqual(pages().map(({ name }) => `dist/man/${name}.1`));
  });

  it.each(pages().map((page) => [page.name, page] as const))('%s is sound', (name, page) => {
    const text = roffText(page);
    expect(text.startsWith(`.TH "${name.toUpperCase().replaceAll('-', '\\-')}" 1 `)).toBe(true);
    // Every line that begins with a point is a request that is known, and no line is a request by chance.
    const requests = text.split('\n').flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []);
    const known = ['TH', 'SH', 'SS', 'PP', 'TP', 'B', 'RS', 'RE', 'nf', 'fi', 'nh', 'ad'];
    expect(requests.filter((request) => !known.includes(request))).toEqual([]);
    expect(text.match(/^\.RS/gm)).toHaveLength(text.match(/^\.RE/gm)!.length);
    if (!hasManDb) return; // Its form alone is looked at.
    const file = join(folder, `${name}.1`);
    writeFileSync(file, text);
    const { stdout, stderr } = spawnSync('man', ['--warnings', '-l', file], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '80', LC_ALL: 'C.UTF-8' },
    });
    expect(stderr).toBe('');
    // What is laid out says all that the terminal is told.
    const words = (shown: string) => shown.replaceAll(/\s+|\\$/gm, '');
    for (const { blocks } of page.sections)
      for (const block of blocks)
        if (block.kind === 'item') expect(words(stdout)).toContain(words(block.text).replaceAll('…', '...'));
  });
});
