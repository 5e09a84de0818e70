/** Lists, registers and removes the applications that the token endpoint knows. */
import { hash } from 'node:crypto';
import type { Client } from '../../issuer/clients.ts';
import { type ControlRoute, withBody } from '../control-route.ts';

export const clientRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'clients',
    summary: 'The applications that the token endpoint knows, without their secrets',
    status: 200,
    answer: ({ emulator }) => ({ status: 200, body: { value: emulator.clients.list().map(shown) } }),
  },
  withBody('client', {
    method: 'POST',
    template: 'clients',
    summary: 'Registers an application, or replaces the secrets and certificates of a known one',
    status: 201,
    answer: ({ emulator }, { body }) => ({ status: 201, body: shown(emulator.setClient(body)) }),
  }),
  {
    method: 'DELETE',
    template: 'clients/{id}',
    summary: 'Removes an application',
    status: 204,
    answer({ emulator }, { keys: [id = ''] }) {
      emulator.removeClient(id);
      return { status: 204 };
    },
  },
];

function shown({ id, secrets, certificates, roles, tenants }: Client) {
  return {
    clientId: id,
    secrets: secrets.length,
    certificates: certificates.map(({ raw }) => ({ 'x5t#S256': hash('sha256', raw, 'base64url') })),
    roles,
    tenants: tenants ?? null,
  };
}
