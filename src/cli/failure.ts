/** Explains how a command failed: as text, or as one line of JSON for `--json`. */
import { type ExitCode, exitCodes, UsageError } from '../base/exit.ts';
import { printableJson, printableLines } from '../base/printable.ts';
import { TracingSettingsError } from '../base/tracing/settings.ts';
import { NoWorkerError } from '../serve/workers/no-worker-error.ts';
import { StoreError } from '../store/store-errors.ts';
import { FileError } from './file-failure.ts';
import { withDocuments } from './installation.ts';

/** The kind of failure: `usage` exits with 2, the others with 1. `unexpected` has a stack, for a bug report. */
type FailureCode = 'usage' | 'failed' | 'stopped' | 'unexpected';

interface Failure {
  readonly code: FailureCode;
  readonly messages: readonly string[];
  /** Overrides the exit code of the kind. */
  readonly exitCode?: ExitCode;
}

/** Thrown when a command fails or is stopped, after it printed its result or without one. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: FailureCode;
  readonly messages: readonly string[];
  readonly exitCode: ExitCode;

  constructor(
    code: 'failed' | 'stopped',
    messages: readonly string[],
    exitCode: ExitCode = exitCodes.failed,
  ) {
    super(messages.join('\n'));
    this.code = code;
    this.messages = messages;
    this.exitCode = exitCode;
  }
}

/** Returns the text of an error for standard error, with a line end, and the exit code. */
export function failureOutput(error: unknown, isJson: boolean): { text: string; exitCode: number } {
  const {
    code,
    messages,
    exitCode = code === 'usage' ? exitCodes.usage : exitCodes.failed,
  } = failureOf(error);
  const text = isJson ? printableJson({ error: { code, messages } }) : printableLines(messages.join('\n'));
  return { text: `${text}\n`, exitCode };
}

function failureOf(error: unknown): Failure {
  if (error instanceof TracingSettingsError) return { code: 'usage', messages: [error.message] };
  if (error instanceof UsageError) return { code: 'usage', messages: error.problems.map(documented) };
  if (error instanceof CommandFailure)
    return { code: error.code, messages: error.messages.map(documented), exitCode: error.exitCode };
  if (error instanceof StoreError || error instanceof NoWorkerError || error instanceof FileError)
    return { code: 'failed', messages: [documented(error.message)] };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'unexpected', messages: [text] };
}

function documented(message: string): string {
  return withDocuments(message);
}
