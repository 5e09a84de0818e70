/** The manual of what brings records in, and takes them elsewhere. */
import { type Manual, wrongUsage } from './manual.ts';

export const recordsManual = {
  import: {
    does: 'take call records into the store',
    operands: 'PATH…',
    description: [
      'Reads files, and folders of them, or standard input where PATH is -. A file holds JSON Lines, one record, or a response of Microsoft Graph as it was saved; it may be compressed (.gz, .zst).',
      'A line that cannot be taken is named with its reason, and the rest goes in. What is stored already changes nothing, so the same file may be given twice.',
    ],
    exits: {
      0: 'Every line was taken.',
      1: 'The store cannot be opened or written.',
      2: wrongUsage,
      3: 'Some lines were not taken; the rest is stored.',
    },
    examples: [
      { does: 'Take a file.', run: 'rollcall import records.jsonl' },
      {
        does: 'Take a folder of saved pages, and write down what could not be taken.',
        run: 'rollcall import saved-pages/ --rejects rejects.jsonl',
      },
      { does: 'Take what another program prints.', run: 'zcat old.jsonl.gz | rollcall import -' },
    ],
    seeAlso: ['export', 'generate', 'verify', 'docs/versions.md'],
  },
  generate: {
    does: 'write synthetic call records',
    description: [
      'Writes records as JSON Lines to standard output: calls of a tenant of made-up people, with sessions, segments and media, and rows of the logs when asked. The same seed and options give the same bytes.',
    ],
    exits: { 0: 'All of it was written.', 1: 'It could not be written.', 2: wrongUsage },
    examples: [
      {
        does: 'A thousand calls of October, into the store.',
        run: 'rollcall generate --calls 1000 --days 31 --until 2026-11-01 | rollcall import -',
      },
      {
        does: 'Small calls without media, and rows of each log.',
        run: 'rollcall generate --calls 10 --largest 4 --no-media --log-rows 5 > records.jsonl',
      },
    ],
    seeAlso: ['import', 'dev'],
  },
  export: {
    does: 'write calls, or a table of what is in them, to a file',
    description: [
      'Writes calls in the words they were received in, which import takes back; or participants, sessions, segments, streams and logs as tables, in JSON Lines, CSV or Parquet. It reads while others write, and needs the memory of a few calls.',
      'With --out a manifest beside the file tells counts and checksums. One that was interrupted goes on where it was when the same command is given again.',
    ],
    exits: {
      0: 'All of it is written.',
      1: 'Stopped, or it could not be written; the same command goes on. Or calls are damaged in the store: the rest is written.',
      2: wrongUsage,
      3: 'Written, but calls in it are known to be incomplete.',
    },
    files: [
      ['FILE.manifest.json', 'What stands in FILE: counts, columns, SHA-256.'],
      ['FILE.part', 'What is written of FILE so far.'],
    ],
    examples: [
      { does: 'All calls, to be imported elsewhere.', run: 'rollcall export --out calls.jsonl' },
      {
        does: 'Who was in the calls of October, for DuckDB, pandas or Power BI.',
        run: 'rollcall export --format parquet --what participants --from 2026-10-01 --to 2026-11-01 --out october.parquet',
      },
      {
        does: 'Sessions for Excel where a comma is a decimal point.',
        run: 'rollcall export --format csv --what sessions --delimiter semicolon --columns callId,startDateTime,callerDisplayName',
      },
    ],
    seeAlso: ['import', 'docs/exporting.md', 'docs/privacy.md'],
  },
} as const satisfies Record<string, Manual>;
