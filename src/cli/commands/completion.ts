/** Prints the completion of commands, options and their choices for a shell, generated from the option table. */
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../../base/exit.ts';
import { isAction, manual, topics } from '../manual/manual.ts';
import { optionIn, optionsOf, optionTable } from '../options.ts';
import type { CommandName } from '../options/option.ts';

const shells = { bash, zsh, fish } as const;

export const completion: Command = ({ operands }, { stdout }) => {
  const [name = '', ...more] = operands;
  const known = Object.keys(shells).join(', ');
  if (!Object.hasOwn(shells, name) || more.length > 0)
    throw new UsageError([`completion: name one shell: ${known}.`]);
  stdout.write(shells[name as keyof typeof shells]());
  return Promise.resolve(exitCodes.done);
};

const names = topics.filter((topic): topic is CommandName => !isAction(topic));

/** Returns the operands: placeholders for user values are in capitals. */
function operandsOf(command: CommandName): readonly string[] {
  return (manual[command].operands ?? '').split(/[\s|]+/).filter((word) => /^[a-z]+$/.test(word));
}

/** Returns the words that may follow a command: its operands and options. */
function wordsOf(command: CommandName): string {
  const options = optionsOf(command).map((option) => `--${option}`);
  return [...operandsOf(command), ...options, '--help'].join(' ');
}

function choices(): readonly (readonly [option: string, choices: string])[] {
  return Object.entries(optionTable).flatMap(([name, { choices: all }]) =>
    all === undefined ? [] : [[`--${name}`, all.join(' ')] as const],
  );
}

function bash(): string {
  return `# In ~/.bashrc: source <(rollcall completion bash)
_rollcall() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words
  case $before in
${choices()
  .map(([option, all]) => `    ${option}) COMPREPLY=($(compgen -W '${all}' -- "$word")); return ;;`)
  .join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${names.join(' ')} help --help --version'
  else
    case \${COMP_WORDS[1]} in
${names.map((name) => `      ${name}) words='${wordsOf(name)}' ;;`).join('\n')}
      help) words='${names.join(' ')}' ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _rollcall rollcall
`;
}

/** Returns the completion for zsh, which loads bash's. */
function zsh(): string {
  return `# In ~/.zshrc: source <(rollcall completion zsh)
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
autoload -Uz bashcompinit && bashcompinit
${bash().split('\n').slice(1).join('\n')}`;
}

function fish(): string {
  const quoted = (text: string) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  return [
    '# In ~/.config/fish/config.fish: rollcall completion fish | source',
    ...names.map(
      (name) => `complete -c rollcall -n __fish_use_subcommand -f -a ${name} -d ${quoted(manual[name].does)}`,
    ),
    `complete -c rollcall -n __fish_use_subcommand -f -a help -d ${quoted('What a command takes.')}`,
    `complete -c rollcall -n ${quoted('__fish_seen_subcommand_from help')} -f -a ${quoted(names.join(' '))}`,
    ...names.flatMap((name) => {
      const operands = operandsOf(name);
      if (operands.length === 0) return [];
      const seen = quoted(`__fish_seen_subcommand_from ${name}`);
      return [`complete -c rollcall -n ${seen} -f -a ${quoted(operands.join(' '))}`];
    }),
    ...names.flatMap((name) =>
      optionsOf(name).map((option) => {
        const { help, kind, choices: all } = optionIn(option, name);
        const value = kind === 'switch' ? '' : all === undefined ? ' -r' : ` -x -a ${quoted(all.join(' '))}`;
        return `complete -c rollcall -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${option}${value} -d ${quoted(help)}`;
      }),
    ),
    '',
  ].join('\n');
}
