/** `--help`, written from the option table. */
import { type CommandName, environmentName, type OptionName, optionsOf, optionTable } from './options.ts';
import { fileVariable } from './secret-files.ts';

export interface CommandHelp {
  readonly does: string;
  readonly operands?: string;
  readonly examples: readonly string[];
}

export const commands: Readonly<Record<CommandName, CommandHelp>> = {
  dev: {
    does: 'The server for developing: generates a small tenant on an empty store, issues its own tokens.',
    examples: [
      'rollcall dev',
      'rollcall dev --tls-self-signed --port 8443',
      'rollcall dev --store memory: --calls 20',
    ],
  },
  serve: {
    does: 'The server for production: no generated data, tokens of a configured authority only.',
    examples: [
      'rollcall serve --authority https://login.microsoftonline.com/TENANT/v2.0 --tls-cert c.pem --tls-key k.pem',
    ],
  },
  import: {
    does: 'Takes call records into the store: JSON Lines, single records, saved Graph pages; .gz and .zst too.',
    operands: 'PATH…',
    examples: [
      'rollcall import records.jsonl',
      'rollcall import saved-pages/ --rejects rejects.jsonl',
      'zcat old.gz | rollcall import -',
    ],
  },
  generate: {
    does: 'Writes synthetic records as JSON Lines to standard output; the same seed gives the same bytes.',
    examples: ['rollcall generate --calls 1000 | rollcall import -'],
  },
  token: {
    does: 'Prints an access token of the development issuer, good for a dev server on the same store.',
    examples: ['rollcall token', 'rollcall token --delegated', 'rollcall token --expires-in -60'],
  },
  sync: {
    does: 'Keeps the records of Microsoft Graph, or of another Rollcall: fetches what is there, then follows.',
    examples: [
      'rollcall sync --tenant ID --client-id ID --client-secret-file secret.txt',
      'rollcall sync --once --upstream http://127.0.0.1:7655 --store sqlite:kept.db --json',
    ],
  },
  verify: {
    does: 'Proves what is stored complete and undamaged, or names what is missing; all tenants unless --tenant names one.',
    examples: ['rollcall verify', 'rollcall verify --json --store sqlite:archive.db'],
  },
  export: {
    does: 'Writes calls, or a table of what is in them, to a file with a manifest; one that was interrupted goes on.',
    examples: [
      'rollcall export --out calls.jsonl',
      'rollcall export --format parquet --what participants --from 2026-10-01 --to 2026-11-01 --out october.parquet',
      'rollcall export --format csv --what sessions --delimiter semicolon --columns callId,startDateTime,callerDisplayName',
    ],
  },
  store: {
    does: 'What a store holds and takes, a copy of it in another, a backup of it while it is in use, its tables over a Citus cluster.',
    operands: 'info | copy | backup FILE | distribute',
    examples: [
      'rollcall store info',
      'rollcall store copy --from sqlite:./rollcall-data/rollcall.db --to postgres://rollcall@db.example/rollcall',
      'rollcall store backup /backups/rollcall.db',
      'rollcall store distribute --store postgres://rollcall@coordinator.example/rollcall',
    ],
  },
  retention: {
    does: 'Drops calls and rows of logs that are older than they are to be kept; all tenants unless --tenant names one.',
    examples: [
      'rollcall retention --keep-days 365 --dry-run',
      'rollcall retention --keep-days 365',
      'rollcall retention --before 2026-01-01 --tenant ID --json',
    ],
  },
  doctor: {
    does: 'Looks at configuration, store, disk, certificate, upstream and completeness, and says what is wrong and what to do.',
    examples: [
      'rollcall doctor',
      'rollcall doctor --upstream https://graph.microsoft.com --tenant ID --client-id ID --client-secret-file secret.txt --json',
    ],
  },
  completion: {
    does: 'Writes what a shell needs to complete commands and options.',
    operands: 'bash | zsh | fish',
    examples: ['source <(rollcall completion bash)'],
  },
  config: {
    does: 'Shows the effective value of every option and where it comes from.',
    examples: ['rollcall config --json'],
  },
};

const width = 100;

export function overview(): string {
  const names = Object.keys(commands) as CommandName[]; // the table's own keys
  return [
    'Rollcall keeps the roll of every call and serves it through the Microsoft Graph call-records API.',
    '',
    'Usage: rollcall COMMAND [OPTION…]',
    '',
    ...names.flatMap((name) => wrapped(`  ${name}`, commands[name].does, 14)),
    '',
    'rollcall COMMAND --help says more of each. Every option may stand in the environment as ROLLCALL_NAME',
    'or in a JSON file named by --config; flags win over the environment, the environment over the file.',
    'A secret may stand in a file of its own that ROLLCALL_NAME_FILE names.',
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but incomplete.',
    '',
  ].join('\n');
}

export function usageOf(command: CommandName): string {
  const { does, operands, examples } = commands[command];
  return [
    `Usage: rollcall ${command} [OPTION…]${operands === undefined ? '' : ` ${operands}`}`,
    '',
    does,
    '',
    ...optionsOf(command).flatMap((name) => [...wrapped(`  --${synopsis(name)}`, describe(name), 30)]),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function synopsis(name: OptionName): string {
  const { value } = optionTable[name];
  return value === undefined ? name : `${name} ${value}`;
}

function describe(name: OptionName): string {
  const { help, choices, default: fallback } = optionTable[name];
  const oneOf = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
  const text = Array.isArray(fallback) ? fallback.join(',') : fallback;
  const standard = text === undefined ? '' : ` Default ${String(text)}.`;
  const file = fileVariable(name);
  return `${help}${oneOf}${standard} [${environmentName(name)}${file === undefined ? '' : `, ${file}`}]`;
}

function wrapped(label: string, text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = label.padEnd(indent);
  if (label.length >= indent) {
    lines.push(label);
    line = ' '.repeat(indent);
  }
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent);
    }
    line += line.length === indent || line.endsWith(' ') ? word : ` ${word}`;
  }
  lines.push(line);
  return lines;
}
