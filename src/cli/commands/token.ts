import { createIssuer, createIssuerKey } from '../../emulator/issuer/issuer.ts';
import { graphAudiences } from '../../base/development.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../../base/exit.ts';
import { openExistingStore } from '../../store/open-store.ts';

export const token: Command = async ({ settings }, { stdout, clock }) => {
  await using store = await openExistingStore(settings.store, clock, 'store');
  const issuer = await createIssuer(await store.secret('issuer-key', createIssuerKey), clock.now);
  const text = await issuer.token({
    tenantId: settings.tenant.toLowerCase(),
    clientId: settings['client-id'],
    roles: settings.role,
    delegated: settings.delegated,
    expiresInSeconds: settings['expires-in'],
    audience: settings.audience?.[0] ?? graphAudiences[0],
    layout: 'v1',
  });
  stdout.write(`${text}\n`);
  return exitCodes.done;
};
