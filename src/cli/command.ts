import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { ExitCode } from './exit.ts';
import type { ReadSettings } from './settings.ts';

export interface Screen {
  readonly columns?: number;
  readonly isTTY?: boolean;
}

/** What a command has of the world. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Screen & NodeJS.WritableStream;
  readonly stderr: Screen & NodeJS.WritableStream;
  readonly clock: Clock;
  /** Aborted when the process is asked to stop. Until somebody asks for it that ends the process at once. */
  readonly stopSignal: () => AbortSignal;
  /** @param listener Told when the process is asked to read its configuration again; without one that ends it. */
  readonly onReload: (listener: () => void) => void;
}

export type Command = (read: ReadSettings, terminal: Terminal) => Promise<ExitCode>;
