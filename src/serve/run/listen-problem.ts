/** Explains why nothing can listen at an address. */
import { whyNoCertificate } from './answering.ts';
import { UsageError } from '../../base/exit.ts';
import type { ServerSettings } from './server-settings.ts';

const listenReasons: Readonly<Record<string, (option: string) => string>> = {
  EADDRINUSE: (option) => `something else listens there. Name another with ${option}, or 0 to pick one`,
  EACCES: (option) => `this user may not listen there. Name a port above 1023 with ${option}`,
  EADDRNOTAVAIL: () => 'this machine has no such address. Name another with --host',
  ENOTFOUND: () => 'the host name is not known. Name an address with --host',
};

/** Returns the message; `undefined` for an error of another kind. */
export function listenProblem(
  error: unknown,
  { host, port }: Pick<ServerSettings, 'host' | 'port'>,
  option = '--port',
): UsageError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = listenReasons[code]?.(option) ?? whyNoCertificate(error);
  return reason === undefined ? undefined : new UsageError([`${host}:${port}: ${reason}.`]);
}
