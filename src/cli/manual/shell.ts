/** The manual of what helps at a shell. */
import { type Manual, wrongUsage } from './manual.ts';

export const shellManual = {
  completion: {
    does: 'write what a shell needs to complete commands and options',
    operands: 'bash | zsh | fish',
    description: [
      'Prints a script for the shell that is named. It completes commands, options, actions and the choices of an option.',
    ],
    exits: { 0: 'It was printed.', 2: wrongUsage },
    examples: [
      { does: 'In ~/.bashrc.', run: 'source <(rollcall completion bash)' },
      {
        does: 'For fish, once.',
        run: 'mkdir -p ~/.config/fish/completions && rollcall completion fish > ~/.config/fish/completions/rollcall.fish',
      },
    ],
    seeAlso: ['config', 'docs/operating.md'],
  },
  config: {
    does: 'show what every option comes to, and where it stands',
    description: [
      'Lists every option of every command with its effective value and its origin: flag, environment, secret file, file or default. Secrets are not shown, nor the password in the URL of a store. --json names besides the variable of each, and that of a file with it.',
    ],
    exits: { 0: 'It was shown.', 2: wrongUsage },
    examples: [
      { does: 'Show what holds.', run: 'rollcall config' },
      {
        does: 'With a file of options, for a program.',
        run: 'rollcall config --config rollcall.json --json',
      },
    ],
    seeAlso: ['doctor', 'docs/operating.md', 'docs/options.md'],
  },
} as const satisfies Record<string, Manual>;
