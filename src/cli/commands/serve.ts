import { readFileSync } from 'node:fs';
import { readinessBy, serveProfile, tlsFiles } from '../../serve/run/answering.ts';
import { audienceProblems } from '../../serve/run/audiences.ts';
import {
  authoritiesBy,
  authorityProblems,
  authorityVerifier,
  loggedOutages,
} from '../../serve/run/authority-verifier.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../../base/exit.ts';
import { logBy } from '../../serve/observe/logging.ts';
import { type Configured, runServer } from '../../serve/run/run-server.ts';
import { openServedStore } from '../../serve/run/served-store.ts';
import type { Settings } from '../settings.ts';
import { signInBy, signInProblems } from '../../serve/run/sign-in.ts';
import { logServerStart } from '../../serve/run/start-line.ts';
import { watchingProblems } from '../../serve/run/health-settings.ts';
import { createWorkerPool } from '../../serve/run/worker-pool.ts';

export const serve: Command = async (read, terminal) => {
  const { settings } = read;
  const { clock } = terminal;
  const configure = (by: Settings): Configured => {
    const problems: string[] = [];
    if (by.authority === undefined) {
      problems.push(
        '--authority: name the OpenID authority whose tokens serve accepts, such as https://login.microsoftonline.com/TENANT/v2.0.',
      );
    }
    problems.push(
      ...authorityProblems(by),
      ...audienceProblems(by),
      ...signInProblems(by),
      ...watchingProblems(by, true),
    );
    const tls = tlsFiles(by, problems, readFileSync);
    if (problems.length > 0) throw new UsageError(problems);
    const authorities = authoritiesBy(by, loggedOutages(logBy(by, terminal)));
    return {
      verifier: authorityVerifier(by, authorities, clock),
      signIn: signInBy(by, authorities, clock),
      tls,
      authorities,
    };
  };
  // Rejects invalid options before anything starts.
  configure(settings);
  // Forked before the store is opened, so that workers load in parallel.
  await using pool = createWorkerPool(settings, terminal);
  await using store = await openServedStore(settings, terminal, { clock });
  return await runServer({
    read,
    terminal,
    store,
    configure: (by) => Promise.resolve(configure(by)),
    pool,
    readiness: (by, onDefect, { authorities }) => readinessBy(by, store, terminal, onDefect, authorities),
    profile: serveProfile,
    onListening: (place) => logServerStart(logBy(settings, terminal), settings, place),
  });
};
