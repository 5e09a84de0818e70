import type { ExitCode } from '../base/exit.ts';
import type { Terminal } from '../base/terminal.ts';
import type { ReadSettings } from './settings.ts';

export type Command = (read: ReadSettings, terminal: Terminal) => Promise<ExitCode>;
