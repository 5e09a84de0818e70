/** Parses `--authority URL=TENANT,…`: an authority and the tenants that it may sign for. */
import { isGuid } from '../../contract/ids.ts';

interface NamedAuthority {
  readonly url: string;
  /** Tenants in lower case; absent when none are listed. */
  readonly tenants: readonly string[] | undefined;
}

/** Returns the authorities. @param items The parsed option: a tenant alone belongs to the URL before it. */
export function namedAuthorities(items: readonly string[] = []): readonly NamedAuthority[] {
  const named: { url: string; tenants: string[] | undefined }[] = [];
  for (const item of items) {
    const last = named.at(-1);
    if (isGuid(item)) last?.tenants?.push(item.toLowerCase());
    else {
      const [url = '', tenant] = item.split('=', 2);
      named.push({ url, tenants: tenant === undefined ? undefined : [tenant.toLowerCase()] });
    }
  }
  return named;
}

/** Returns the errors of the list as a whole, such as a tenant without an authority. */
export function strayTenants(items: readonly string[] = []): readonly string[] {
  return items
    .filter((item, i) => isGuid(item) && namedAuthorities(items.slice(0, i)).at(-1)?.tenants === undefined)
    .map((item) => `--authority: the tenant ${item} belongs to no authority. Write URL=TENANT,TENANT.`);
}
