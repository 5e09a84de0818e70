import { readFileSync } from 'node:fs';
import { ownPaths } from '../../http/own-paths.ts';
import { readinessBy, serveDefaults, tlsFiles } from '../answering.ts';
import { audienceProblems } from '../audiences.ts';
import { authoritiesBy, authorityProblems, authorityVerifier, loggedOutages } from '../authority-verifier.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../exit.ts';
import { logBy } from '../logging.ts';
import { type Configured, runServer } from '../run-server.ts';
import { openServedStore } from '../served-store.ts';
import type { Settings } from '../settings.ts';
import { signInBy, signInProblems } from '../sign-in.ts';
import { watchingProblems } from '../watching.ts';
import { createWorkerPool } from '../worker-pool.ts';

export const serve: Command = async (read, terminal) => {
  const { settings } = read;
  const { clock } = terminal;
  const configure = (by: Settings): Configured => {
    const problems: string[] = [];
    if (by.authority === undefined) {
      problems.push(
        '--authority: name the OpenID authority whose tokens are taken, such as https://login.microsoftonline.com/TENANT/v2.0.',
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
  // Refused before anything is begun.
  configure(settings);
  // Forked before the store is open: they load while this process gets ready.
  await using pool = createWorkerPool(settings, terminal);
  await using store = await openServedStore(settings, terminal, { clock });
  return await runServer({
    read,
    terminal,
    store,
    configure: (by) => Promise.resolve(configure(by)),
    pool,
    readiness: (by, onDefect, { authorities }) => readinessBy(by, store, terminal, onDefect, authorities),
    otherPaths: ownPaths,
    defaults: serveDefaults,
    isForDeveloping: false,
  });
};
