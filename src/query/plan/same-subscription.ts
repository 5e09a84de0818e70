/** Decides whether two subscriptions of an application are duplicates: the same changes of the same resource. */

interface AskedFor {
  readonly changeType: string;
  readonly resource: string;
}

/** Returns whether Graph refuses the second ("Receive change notifications through webhooks"). */
export function isSameSubscription(a: AskedFor, b: AskedFor): boolean {
  return isSameChangeType(a.changeType, b.changeType) && isSameResource(a.resource, b.resource);
}

/** Compares two lists of change types as sets, ignoring order, repetition, spaces and letter case. */
export function isSameChangeType(a: string, b: string): boolean {
  const [left, right] = [changeTypesOf(a), changeTypesOf(b)];
  return left.size === right.size && [...left].every((one) => right.has(one));
}

/** Compares two resources: ignores the leading slash and the letter case of the path, and compares filters exactly. */
export function isSameResource(a: string, b: string): boolean {
  return comparable(a) === comparable(b);
}

/** Returns the change types in a client's list: `created, updated`. */
export function changeTypesOf(changeType: string): ReadonlySet<string> {
  return new Set(changeType.split(',').map((one) => one.trim().toLowerCase()));
}

function comparable(resource: string): string {
  const query = resource.indexOf('?');
  const path = query < 0 ? resource : resource.slice(0, query);
  return path.replace(/^\//, '').toLowerCase() + resource.slice(path.length);
}
