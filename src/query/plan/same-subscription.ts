/** When two subscriptions of one application ask for the same: the same changes of the same resource. */

interface AskedFor {
  readonly changeType: string;
  readonly resource: string;
}

/** Graph takes no second one (page "Receive change notifications through webhooks", Duplicate subscriptions). */
export function isSameSubscription(a: AskedFor, b: AskedFor): boolean {
  return isSameChangeType(a.changeType, b.changeType) && isSameResource(a.resource, b.resource);
}

/** Compares the sets: neither order, repetition, spaces nor letter case count. */
export function isSameChangeType(a: string, b: string): boolean {
  const [left, right] = [changeTypesOf(a), changeTypesOf(b)];
  return left.size === right.size && [...left].every((one) => right.has(one));
}

/** Neither the slash before the path nor its letter case counts; a filter is compared as it is written. */
export function isSameResource(a: string, b: string): boolean {
  return comparable(a) === comparable(b);
}

/** The change types of a list as a client writes one: `created, updated`. */
export function changeTypesOf(changeType: string): ReadonlySet<string> {
  return new Set(changeType.split(',').map((one) => one.trim().toLowerCase()));
}

function comparable(resource: string): string {
  const query = resource.indexOf('?');
  const path = query < 0 ? resource : resource.slice(0, query);
  return path.replace(/^\//, '').toLowerCase() + resource.slice(path.length);
}
