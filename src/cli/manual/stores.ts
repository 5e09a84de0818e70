/** The manual of `store` and its actions. */
import { type Manual, wrongUsage } from './manual.ts';

const cannotOpen = 'A store cannot be opened.';

export const storesManual = {
  store: {
    does: 'look at a store, copy it, back it up, distribute it',
    operands: 'info | copy | backup FILE | distribute',
    description: [
      'What a store is, apart from the calls in it. Each action has a page of its own: rollcall store info --help, rollcall store copy --help, rollcall store backup --help, rollcall store distribute --help.',
    ],
    exits: {
      0: 'Done.',
      1: 'Stopped or failed; what of it is told.',
      2: wrongUsage,
      3: 'Of copy: the source was written to meanwhile; the same command brings the rest.',
    },
    examples: [{ does: 'Say what a store holds.', run: 'rollcall store info' }],
    seeAlso: ['store info', 'store copy', 'store backup', 'store distribute', 'docs/stores.md'],
  },
  'store info': {
    does: 'say what a store holds and takes',
    description: [
      'Tells the engine, the schema, the bytes on disk, how many tenants, calls, versions and rows of logs there are, the oldest and the newest call, and what each table takes.',
    ],
    exits: { 0: 'It was told.', 1: cannotOpen, 2: wrongUsage },
    examples: [
      { does: 'Of the store of this folder.', run: 'rollcall store info' },
      {
        does: 'For a program.',
        run: 'rollcall store info --store sqlite:./rollcall-data/rollcall.db --json',
      },
    ],
    seeAlso: ['store', 'verify', 'docs/stores.md'],
  },
  'store copy': {
    does: 'copy everything in one store to another',
    description: [
      'Copies every edition of every call, the logs, subscriptions, and what sync knows, between any two of SQLite and PostgreSQL; then holds both against each other by checksum, indexes included. The source may be in use. When stopped, the same command goes on where it was.',
    ],
    exits: {
      0: 'Both hold the same.',
      1: 'They differ, or it was stopped, or a store cannot be opened.',
      2: wrongUsage,
      3: 'The source was written to meanwhile; the same command brings the rest.',
    },
    examples: [
      {
        does: 'Move from a file to PostgreSQL.',
        run: "rollcall store copy --from sqlite:./rollcall-data/rollcall.db --to 'postgres://rollcall:…@db.example:5432/copy'",
      },
    ],
    seeAlso: ['store', 'store backup', 'docs/stores.md'],
  },
  'store backup': {
    does: 'back up a SQLite store while it is in use',
    operands: 'FILE',
    description: [
      'Writes the store as it is at one moment to FILE, which is a store again. FILE is whole or not there: an interrupted backup leaves none. For PostgreSQL use its own tools; docs/stores.md names them.',
    ],
    exits: { 0: 'FILE is whole.', 1: `${cannotOpen} Or FILE cannot be written.`, 2: wrongUsage },
    files: [['FILE.part', 'What is written of FILE so far.']],
    examples: [
      { does: 'Back up the store of this folder.', run: 'rollcall store backup rollcall-backup.db' },
    ],
    seeAlso: ['store', 'store copy', 'verify', 'docs/stores.md'],
  },
  'store distribute': {
    does: 'spread a PostgreSQL store over a Citus cluster',
    description: [
      'Run once on the coordinator, with the extension there; again after an upgrade, where tables are new. Places what belongs to a call by its id, small tables on every node. A table that is placed already stays as it is.',
    ],
    exits: {
      0: 'Every table is placed.',
      1: 'The store cannot be opened, or its server has no Citus.',
      2: wrongUsage,
    },
    examples: [
      {
        does: 'Place the tables, in 64 parts each.',
        run: "rollcall store distribute --store 'postgres://rollcall@coordinator.example/rollcall' --shards 64",
      },
    ],
    seeAlso: ['store', 'docs/stores.md', 'docs/scale.md'],
  },
} as const satisfies Record<string, Manual>;
