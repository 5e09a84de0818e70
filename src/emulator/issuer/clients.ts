/** Holds the applications that the development issuer gives tokens to, with their credentials. */
import type { X509Certificate } from 'node:crypto';
import { sumOfTextBytes } from '../../base/byte-cache.ts';
import { Fault } from '../../contract/faults.ts';
import { development } from '../../base/development.ts';

export interface Client {
  /** `client_id`, in lower case. */
  readonly id: string;
  /** Several during a rotation; none for an application that has only certificates. */
  readonly secrets: readonly string[];
  readonly certificates: readonly X509Certificate[];
  /** Application permissions its tokens carry. */
  readonly roles: readonly string[];
  /** Tenants that gave their consent, in lower case; all when absent. */
  readonly tenants: readonly string[] | undefined;
}

const roles = ['CallRecords.Read.All'];

/** Creates a client; members that are absent are those of the development client. */
export function createClient(id: string, client: Partial<Omit<Client, 'id'>>): Client {
  return { secrets: [], certificates: [], roles, tenants: undefined, ...client, id: id.toLowerCase() };
}

const developmentClient = createClient(development.clientId, { secrets: [development.clientSecret] });

const maxClients = 1000;
const maxBytes = 16 * 2 ** 20;

function bytesOf({ id, secrets, certificates, roles, tenants = [] }: Client): number {
  const certified = certificates.reduce((sum, { raw }) => sum + raw.length, 0);
  return certified + sumOfTextBytes([id, ...secrets, ...roles, ...tenants]);
}

export class Clients {
  readonly #first: readonly Client[];
  readonly #clients = new Map<string, Client>();

  constructor(more: readonly Client[] = []) {
    this.#first = [developmentClient, ...more];
    this.reset();
  }

  find(id: string): Client | undefined {
    return this.#clients.get(id.toLowerCase());
  }

  list(): readonly Client[] {
    return [...this.#clients.values()];
  }

  /** Adds or replaces a client, whose other secrets end. @throws Fault `badEmulatorRequest` for too many */
  set(client: Client): void {
    const others = this.list().filter(({ id }) => id !== client.id);
    const bytes = [...others, client].reduce((sum, one) => sum + bytesOf(one), 0);
    if (others.length >= maxClients || bytes > maxBytes)
      throw new Fault(
        'badEmulatorRequest',
        `There are ${others.length} clients. The limit is ${maxClients} clients or ${maxBytes} bytes. Delete some first.`,
      );
    this.#clients.set(client.id, client);
  }

  remove(id: string): boolean {
    return this.#clients.delete(id.toLowerCase());
  }

  /** Restores the initial clients. */
  reset(): void {
    this.#clients.clear();
    for (const client of this.#first) this.set(client);
  }
}
