/** Parses `--authority URL=TENANT,…`: an authority and the tenants that it may sign for. */
import { isGuid } from '../../contract/entra.ts';

interface NamedAuthority {
  readonly url: string;
  /** In lower case; absent where none are named. */
  readonly tenants: readonly string[] | undefined;
}

/** @param items As the option's pattern has them: a tenant by itself belongs to the URL before it. */
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
