/** Defines the errors that say why a host of the store is not used. */

/** A host that neither answers nor refuses: a power failure, a network partition, a stopped process. */
export class SilentHost extends Error {
  override readonly name = 'SilentHost';
}

/** All connections that this process may open to a host are in use, and none became free in time. */
export class AllBusy extends Error {
  override readonly name = 'AllBusy';
}

/** A server whose role does not match `target_session_attrs`. */
export class OtherServer extends Error {
  override readonly name = 'OtherServer';
}

/** A server that was the primary before a later primary that this process has used. */
export class FormerPrimary extends Error {
  override readonly name = 'FormerPrimary';
  readonly timeline: number;
  readonly newest: number;

  constructor(timeline: number, newest: number) {
    super();
    this.timeline = timeline;
    this.newest = newest;
  }
}

/** A server that holds other data than the primary of the store, or another history of it. */
export class OtherHistory extends Error {
  override readonly name = 'OtherHistory';
  readonly own: Branch;
  readonly expected: Branch;

  constructor(own: Branch, expected: Branch) {
    super();
    this.own = own;
    this.expected = expected;
  }
}

interface Branch {
  readonly system: string;
  readonly timeline: number;
  readonly isCurrent: boolean;
}

/** None of several hosts is usable. */
export class NoHost extends Error {
  override readonly name = 'NoHost';
  readonly hosts: readonly { readonly name: string; readonly error: unknown }[];

  constructor(hosts: NoHost['hosts']) {
    super();
    this.hosts = hosts;
  }
}

export function codeOf(error: unknown): string | undefined {
  // The error for several addresses of one name has an error for each.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
