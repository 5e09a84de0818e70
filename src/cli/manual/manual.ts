/** The help text of each command. The option table has the texts of options. */
import type { ExitCode } from '../../base/exit.ts';
import type { CommandName } from '../options/option.ts';

export type Topic = CommandName | `store ${'info' | 'copy' | 'backup' | 'distribute'}`;

interface Manual {
  /** One line, which completion and the overview also show. */
  readonly does: string;
  /** Arguments that are not options. */
  readonly operands?: string;
  readonly text: string;
  /** Meanings of exit codes that differ from the general ones. */
  readonly exits?: Readonly<Partial<Record<ExitCode, string>>>;
  /**
   * Commands to paste into a shell, each with its description; a test runs them. `COMMAND --help` shows the first two.
   */
  readonly examples: Readonly<Record<string, string>>;
}

const untilStopped = {
  0: 'Ended by SIGTERM or SIGINT. Requests under way were answered.',
  1: 'The store cannot be opened, or no worker started.',
} as const;

/** In the order of the overview. */
export const manual: Readonly<Record<Topic, Manual>> = {
  dev: {
    does: 'emulate Microsoft Graph for development and tests',
    text: 'Serves the call-records API for one tenant, which it generates on an empty store. Issues its own tokens, and prints the URLs, the tenant, the client, the secret and a curl command. Tests control its clock, calls, faults and limits at /rollcall/dev/. Prints "rollcall listening on URL" when it is ready. SIGHUP reloads the configuration file and the certificates. See docs/developing.md and docs/clients.md.',
    exits: untilStopped,
    examples: {
      'rollcall dev': 'Start with a small generated tenant.',
      'rollcall dev --store memory: --calls 20': 'Keep 20 calls in memory only.',
      'rollcall dev --tls-self-signed --port 8443': 'Serve https, for clients that require it.',
      'rollcall dev --clock-start 2026-11-01T08:00:00Z --clock-standing':
        'Start a clock that only tests move.',
    },
  },
  serve: {
    does: 'serve the stored call records as Microsoft Graph does',
    text: 'Serves the call-records API and the page from the store, and delivers change notifications. Accepts tokens of the configured authorities only; a token with the application permission CallRecords.Read.All may read the calls of its own tenant. Prints "rollcall listening on URL" when it is ready. SIGHUP reloads the configuration file, secret files and certificates without losing a request. See docs/operating.md, docs/deploying.md and docs/signing-in.md.',
    exits: untilStopped,
    examples: {
      'rollcall serve --authority https://login.microsoftonline.com/$TENANT_ID/v2.0 --audience api://rollcall --tls-cert cert.pem --tls-key key.pem':
        'Accept the tokens that Microsoft Entra issues for a tenant.',
      'ROLLCALL_STORE_FILE=store-url rollcall serve --config rollcall.json':
        'Read options from a file, and the URL of the store from another.',
    },
  },
  sync: {
    does: 'fetch and keep call records of Microsoft Graph or another Rollcall',
    text: 'Fetches every call that upstream lists, with all pages of its sessions and participants, and the logs. Then it follows upstream by listing, by change notifications, or both. It keeps every version of a call, stays within the limits of Graph, and continues where it was when it is killed. It needs an application with the permission CallRecords.Read.All and a secret or certificate; a dev server as upstream needs neither. See docs/keeping.md and docs/completeness.md.',
    exits: {
      0: 'With --once, everything that upstream offers is stored. Otherwise ended by SIGTERM or SIGINT.',
      1: 'Upstream refuses, or the store cannot be opened.',
      3: 'With --once, some data is missing. The missing parts are listed.',
    },
    examples: {
      'rollcall sync --once --tenant $TENANT_ID --client-id $CLIENT_ID --client-secret-file secret.txt':
        'Fetch what a tenant has, and end.',
      'rollcall sync --once --upstream http://127.0.0.1:7655 --store sqlite:kept.db --json':
        'Archive a dev server of this machine.',
      'rollcall sync --tenant $TENANT_ID --client-id $CLIENT_ID --client-secret-file secret.txt --keep-days 365 --health-port 9090':
        'Keep a year of a tenant, and answer health checks.',
    },
  },
  verify: {
    does: 'check that the store is undamaged and complete',
    text: 'Computes every checksum again, and compares every index with the data. Lists known gaps: hours never listed, calls not fetched, missing pages, and whether sync can still fill each. Reads while others write. See docs/completeness.md.',
    exits: {
      0: 'Nothing is damaged, and nothing is known to be missing.',
      1: 'Stored data is damaged, or the store cannot be opened.',
      3: 'Some data is missing, or no calls are stored and nothing was checked (--allow-empty accepts that).',
    },
    examples: {
      'rollcall verify': 'Check all tenants.',
      'rollcall verify --json --quiet': 'For a program, without progress.',
    },
  },
  retention: {
    does: 'drop calls and log rows that are older than a limit',
    text: 'Drops calls, with all their versions, and rows of logs that began before a day, a few at a time while others read and write. sync --keep-days does the same every day. See docs/retention.md.',
    exits: {
      0: 'Old data was dropped, or counted with --dry-run.',
      1: 'Stopped early: the same command continues. Or damaged calls were not dropped.',
    },
    examples: {
      'rollcall retention --keep-days 365 --dry-run': 'Count what a year would leave.',
      'rollcall retention --keep-days 365': 'Keep a year.',
      'rollcall retention --before 2026-01-01 --tenant $TENANT_ID --json':
        'Drop what a tenant had before a day.',
    },
  },
  quarantine: {
    does: 'list, show or drop received entries that could not be stored',
    operands: 'list | show ID | drop ID',
    text: 'Lists what an import or a sync could not store in a call, such as an entry that is not an object, with the reason and its source. show prints the text as it was received, which may hold personal data. ID is what list prints. See docs/completeness.md.',
    exits: { 0: 'Done.', 2: 'The store does not exist, or has no piece with this ID.' },
    examples: {
      'rollcall quarantine list': 'List what is set aside.',
      'rollcall quarantine list --json --tenant $TENANT_ID': 'Of one tenant, for a program.',
    },
  },
  doctor: {
    does: 'check a deployment, and explain how to fix what is wrong',
    text: 'Checks the configuration, the store, the disk, the certificate, upstream where it is configured, and how recent and complete each tenant is. Changes nothing. Accepts the options of serve and sync: pass the same options to check what these commands use. See docs/operating.md.',
    exits: { 0: 'Everything is in order.', 1: 'Something is wrong.', 3: 'Something needs attention.' },
    examples: {
      'rollcall doctor': 'Check the store.',
      'rollcall doctor --upstream https://graph.microsoft.com --tenant $TENANT_ID --client-id $CLIENT_ID --client-secret-file secret.txt --json':
        'Check upstream too, for a program.',
    },
  },
  import: {
    does: 'import call records from files',
    operands: 'PATH…',
    text: 'Reads files, folders, or standard input where PATH is -: JSON Lines, single records, arrays, or saved responses of Microsoft Graph and of $batch, in UTF-8 or UTF-16, also compressed (.gz, .zst). Rejects what it cannot take, each cause once a file, and imports the rest. Importing the same file again changes nothing. See docs/importing.md.',
    exits: {
      0: 'Everything was imported.',
      3: 'Something was rejected, marked, set aside or skipped, or a page of a list is missing. The rest is stored.',
    },
    examples: {
      'rollcall import records.jsonl': 'Import a file.',
      'rollcall import saved-pages/ --rejects rejects.jsonl':
        'Import a folder of saved pages, and write what is rejected to a file.',
      'zcat old.jsonl.gz | rollcall import -': 'Import the output of a program.',
    },
  },
  generate: {
    does: 'write synthetic call records to standard output',
    text: 'Writes calls of a made-up tenant as JSON Lines to standard output, with sessions, segments and media, and rows of the logs on request. The same seed and options give the same bytes. See docs/developing.md.',
    examples: {
      'rollcall generate --calls 1000 --until 2026-11-01 | rollcall import -':
        'Import a thousand calls of October.',
      'rollcall generate --calls 10 --largest 4 --log-rows 5 > records.jsonl':
        'Write small calls, and rows of each log.',
    },
  },
  export: {
    does: 'export calls as JSON Lines, CSV or Parquet',
    text: 'Writes calls as received, which import reads; or the roll, participants, sessions, segments, streams and logs as tables in JSON Lines, CSV or Parquet. With --out, a manifest next to the file holds counts and checksums, and an interrupted export continues when the same command is run again. See docs/exporting.md and docs/privacy.md.',
    exits: {
      1: 'Stopped, or could not write: the same command continues. Or damaged calls were left out.',
      3: 'Written, but calls in it are known to be incomplete.',
    },
    examples: {
      'rollcall export --out calls.jsonl': 'Write all calls, to import elsewhere.',
      'rollcall export --call $CALL_ID --what roll --format csv --out roll.csv':
        'Write who was in one call, for a spreadsheet.',
      'rollcall export --format parquet --what participants --from 2026-10-01 --to 2026-11-01 --out october.parquet':
        'Write who was in the calls of October, for DuckDB, pandas or Power BI.',
      'rollcall export --format csv --what sessions --delimiter semicolon --columns callId,startDateTime,callerDisplayName':
        'Write sessions for Excel where the decimal separator is a comma.',
    },
  },
  find: {
    does: 'find calls by people, number, time and how they ended',
    operands: '[TEXT]',
    text: 'Prints the calls that match every option, newest first. Each word of TEXT must match a person in the call, a phone number, the id of the call or its join URL. --what direct-routing prints rows of that log instead, with SIP codes and their meanings. Standard output has the table alone; the number of matches is printed to standard error. See docs/finding.md.',
    exits: { 0: 'Done, also when nothing matches.' },
    examples: {
      'rollcall find --person anna --external yes --from 2026-10-01 --to 2026-11-01':
        'Which calls did Anna have with people from outside in October?',
      'rollcall find --what direct-routing --state failed --from last-week --to this-week':
        'The failed phone calls of last week, with their SIP codes.',
      'rollcall find --person anna --person paul --limit 10 --json':
        'The ten newest calls that both were in, for a program.',
    },
  },
  show: {
    does: 'show one call: who was in it, why it failed, how good it was',
    operands: 'CALL',
    text: 'Prints the facts of a call, how it ended and why, how complete it is, the stored versions, and everyone who was in it with times, device, quality and failures. CALL is its id, the unique beginning of an id, or its join URL. See docs/finding.md.',
    exits: { 2: 'The store does not exist, or has no such call.' },
    examples: {
      'rollcall show $CALL_ID': 'A call by its id, as find prints it.',
      'rollcall show $CALL_ID --json': 'For a program.',
    },
  },
  token: {
    does: 'print an access token for a dev server',
    text: 'Prints a token that a dev server on the same store accepts, and nothing else. serve does not accept it. See docs/clients.md.',
    examples: {
      'curl -sS -H "Authorization: Bearer $(rollcall token)" http://127.0.0.1:7655/v1.0/communications/callRecords':
        'List the calls of a dev server.',
      'rollcall token --delegated': 'A token of a person, which may not read calls.',
      'rollcall token --expires-in -60': 'One that expired a minute ago.',
      'rollcall token --role User.Read.All': 'One with another permission.',
    },
  },
  store: {
    does: 'inspect, copy, back up or distribute a store',
    operands: 'info | copy | backup FILE | distribute',
    text: 'rollcall help store ACTION describes each action. See docs/stores.md.',
    examples: {
      'rollcall store info': 'Show what a store holds.',
    },
  },
  'store info': {
    does: 'show what a store holds, and its size',
    text: 'Shows the engine, the schema, the bytes on disk, the number of tenants, calls, versions and rows of logs, the oldest and the newest call, and the size of each table. With --tenant, the counts are of that tenant. See docs/stores.md.',
    examples: {
      'rollcall store info': 'Of the store of this folder.',
      'rollcall store info --store sqlite:./rollcall-data/rollcall.db --json': 'For a program.',
    },
  },
  'store copy': {
    does: 'copy everything from one store to another',
    text: 'Copies all calls, versions, logs, subscriptions and the state of sync between any two of SQLite and PostgreSQL, then compares both stores by checksum, indexes included. The source may be in use. When interrupted, the same command continues. See docs/stores.md.',
    exits: {
      0: 'Both stores hold the same.',
      1: 'They differ, or the copy was stopped, or a store cannot be opened.',
      3: 'The source was written to meanwhile. The same command copies the rest.',
    },
    examples: {
      "rollcall store copy --from sqlite:./rollcall-data/rollcall.db --to 'postgres://rollcall:…@db.example:5432/copy'":
        'Move from a file to PostgreSQL.',
    },
  },
  'store backup': {
    does: 'back up a SQLite store while it is in use',
    operands: 'FILE',
    text: 'Writes the store as it is at one moment to FILE, which is a store itself. An interrupted backup leaves no FILE. For PostgreSQL, use its own tools. See docs/stores.md.',
    exits: { 0: 'FILE is complete.' },
    examples: {
      'rollcall store backup rollcall-backup.db': 'Back up the store of this folder.',
    },
  },
  'store distribute': {
    does: 'distribute a PostgreSQL store over a Citus cluster',
    text: 'Distributes the tables of calls by call id, and copies small tables to every node. Run it once on the coordinator, and again after an upgrade that adds tables. Distributed tables stay as they are. See docs/stores.md and docs/scale.md.',
    exits: { 1: 'The store cannot be opened, or its server does not have Citus.' },
    examples: {
      "rollcall store distribute --store 'postgres://rollcall@coordinator.example/rollcall'":
        'Distribute the tables.',
    },
  },
  completion: {
    does: 'print the completion script of a shell',
    operands: 'bash | zsh | fish',
    text: 'The script completes commands, actions, options and their choices. See docs/operating.md.',
    examples: {
      'source <(rollcall completion bash)': 'In ~/.bashrc.',
      'mkdir -p ~/.config/fish/completions && rollcall completion fish > ~/.config/fish/completions/rollcall.fish':
        'For fish, once.',
    },
  },
  config: {
    does: 'show the value of every option and where it comes from',
    text: 'Lists every option of every command with its effective value and its origin: flag, environment, secret file, file or default. Hides secrets, and passwords in the URL of a store. --json also names the variables of each option. See docs/operating.md and docs/options.md.',
    examples: {
      'rollcall config': 'Show the effective values.',
      'rollcall config --config rollcall.json --json': 'With a file of options, for a program.',
    },
  },
};

/** The commands of the overview by purpose. */
export const commandGroups: Readonly<Record<string, readonly CommandName[]>> = {
  Develop: ['dev', 'generate', 'token'],
  'Keep, serve and find': ['sync', 'import', 'serve', 'find', 'show', 'export'],
  Administer: ['verify', 'doctor', 'retention', 'quarantine', 'store', 'config', 'completion'],
};

export const topics = Object.keys(manual) as readonly Topic[]; // the table's own keys

/** Returns true for an action: `store copy` is an action of the command `store`. */
export function isAction(topic: Topic): topic is Extract<Topic, `store ${string}`> {
  return topic.startsWith('store ');
}
