import { readFileSync } from 'node:fs';
import { ownPaths } from '../../http/own-paths.ts';
import { tlsFiles } from '../answering.ts';
import { authorityVerifier } from '../authority-verifier.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../exit.ts';
import { openStore } from '../open-store.ts';
import { runServer } from '../run-server.ts';
import { createWorkerPool } from '../worker-pool.ts';

export const serve: Command = async (read, terminal) => {
  const { settings } = read;
  const problems: string[] = [];
  if (settings.authority === undefined) {
    problems.push(
      '--authority: name the OpenID authority whose tokens are taken, such as https://login.microsoftonline.com/TENANT/v2.0.',
    );
  }
  const tls = tlsFiles(settings, problems, readFileSync);
  if (problems.length > 0) throw new UsageError(problems);
  const { clock } = terminal;
  // Forked before anything is done: they load while this process gets ready.
  await using pool = createWorkerPool('serve', read, terminal);
  await using store = await openStore(settings.store, clock);
  return await runServer({
    settings,
    terminal,
    store,
    verifier: authorityVerifier(settings, clock),
    pool,
    tls,
    otherPaths: ownPaths(store),
    participantsDefault: 'reconciled',
    isForDeveloping: false,
  });
};
