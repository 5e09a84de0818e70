import { readFileSync } from 'node:fs';
import { openIdAuthority } from '../../auth/authority.ts';
import { createVerifier } from '../../auth/verifier.ts';
import { ownPaths } from '../../http/own-paths.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../exit.ts';
import { openStore } from '../open-store.ts';
import { runServer, tlsFiles } from '../run-server.ts';

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
  const { now } = clock;
  await using store = await openStore(settings.store, clock);
  const verifier = createVerifier({
    authorities: (settings.authority ?? []).map((url) => openIdAuthority({ url, clock: now })),
    audiences: settings.audience,
    allowedTenants: settings['allowed-tenants']?.map((id) => id.toLowerCase()),
    clock: now,
  });
  return await runServer({
    settings,
    terminal,
    store,
    verifier,
    tls,
    otherPaths: ownPaths(store),
    participantsDefault: 'reconciled',
    isForDeveloping: false,
  });
};
