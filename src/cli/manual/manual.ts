/** What the manual says of a command, besides its options: these stand in the option table. */
import type { ExitCode } from '../exit.ts';
import type { CommandName } from '../options/option.ts';

/** `store copy` and the like have a page of their own. */
export type StoreAction = 'info' | 'copy' | 'backup' | 'distribute';
export type Topic = CommandName | `store ${StoreAction}`;

export interface Manual {
  /** In one line. */
  readonly does: string;
  /** What stands on the command line and is no option. */
  readonly operands?: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  /** What each code says of this command; others it does not end with. */
  readonly exits: Readonly<Partial<Record<ExitCode, string>>>;
  /** What it reads and writes without being told to, or besides what an option names. */
  readonly files?: readonly (readonly [name: string, holds: string])[];
  /** Variables that are no options. */
  readonly environment?: readonly (readonly [name: string, does: string])[];
  readonly examples: readonly Example[];
  /** Other pages of the manual, and of the documentation. */
  readonly seeAlso: readonly (Topic | `docs/${string}.md`)[];
}

export interface Example {
  readonly does: string;
  /** As a reader pastes it into a shell; a test does. */
  readonly run: string;
}

/** Of every command. */
export const wrongUsage = 'Wrong usage or configuration; every wrong value is named.';

/** What a command writes that keeps a store. */
export const sqliteFiles = [
  './rollcall-data/rollcall.db',
  'The store, unless --store names another; SQLite keeps files that end in -wal and -shm beside it.',
] as const;

/** What a command reads that may be traced. */
export const traces = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  "Where traces are sent; docs/operating.md lists OpenTelemetry's other variables.",
] as const;
