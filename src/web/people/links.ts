/** Addresses of the page of a person and of a number. */

export function personHref(id: string): string {
  return `/people/${encodeURIComponent(id)}`;
}

function numberHref(number: string): string {
  return `/numbers/${encodeURIComponent(number)}`;
}

/** Matches a phone number with a country code, of which the last digits may be masked. */
const international = /^\+\d[\d\s().-]{4,}\**$/;

/** Returns the page of someone in a call; `undefined` for a bot, a device, or someone without an id. */
export function pageOf({ id, kind }: { readonly id: string; readonly kind: string }): string | undefined {
  if (id === '') return undefined;
  if (kind === 'phone') return international.test(id) ? numberHref(id) : undefined;
  return withPage.has(kind) ? personHref(id) : undefined;
}

const withPage: ReadonlySet<string> = new Set([
  ...['user', 'guest', 'acsUser', 'azureCommunicationServicesUser', 'encrypted', 'onPremises'],
]);
