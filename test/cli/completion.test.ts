/** `completion`, in a real shell. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { main } from '../support/rollcall.ts';

const script = (shell: string) =>
  execFileSync(process.execPath, [main, 'completion', shell], { encoding: 'utf8' });

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const array = words.map((word) => `'${word}'`).join(' ');
  const ask = `${script('bash')}
    COMP_WORDS=(rollcall ${array}); COMP_CWORD=${words.length}; _rollcall; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trim().split('\n');
}

describe('completion in bash', () => {
  it('offers commands, options, operands and choices', () => {
    expect(offered('ver')).toEqual(['verify']);
    expect(offered('serve', '--tls-')).toEqual(['--tls-cert', '--tls-key']);
    expect(offered('export', '--format', '')).toEqual(['jsonl', 'csv', 'parquet']);
    expect(offered('store', 'c')).toEqual(['copy']);
    expect(offered('verify', '--seed')).toEqual(['']);
    expect(offered('help', 'sy')).toEqual(['sync']);
    expect(offered('serve', '--log-level', 'd')).toEqual(['debug']);
  });
});

it('in fish offers actions, shells, and what there is help on', () => {
  const offers = script('fish')
    .split('\n')
    .filter((line) => / -f -a '/.test(line));
  const after = (word: string) => offers.find((line) => line.includes(`from ${word}'`))?.split(" -a '")[1];
  expect([after('store'), after('completion')]).toEqual(["info copy backup distribute'", "bash zsh fish'"]);
  expect(after('help')).toContain('serve sync');
});

it('in zsh begins what it stands on, unless that was begun', () => {
  expect(script('zsh')).toContain('\n(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }\n');
});

it.each(['bash', 'zsh', 'fish'])('of %s names every command', (shell) => {
  const text = script(shell);
  for (const command of ['dev', 'serve', 'sync', 'doctor', 'retention']) expect(text).toContain(command);
});

it.each([[[]], [['tcsh']], [['bash', 'zsh']]])('of %j is refused', (shells) => {
  expect(() => execFileSync(process.execPath, [main, 'completion', ...shells], { stdio: 'pipe' })).toThrow(
    /completion: name one shell: bash, zsh, fish\./,
  );
});
