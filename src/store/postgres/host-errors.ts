/** Defines the errors that say why a host of the store is not used. */

/** A host that neither answers nor refuses: a machine without power, a partition of the network, a stopped process. */
export class SilentHost extends Error {
  override readonly name = 'SilentHost';
}

/** Every connection that this process may have to a host is in use, and none became free in time. */
export class AllBusy extends Error {
  override readonly name = 'AllBusy';
}

/** A server that is not what `target_session_attrs` asks for. */
export class OtherServer extends Error {
  override readonly name = 'OtherServer';
}

/** A server that was the primary before the one that this process has been connected to. */
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

/** A server that holds other data than the primary of the store, or holds it by another history. */
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

/** None of several hosts can be used. */
export class NoHost extends Error {
  override readonly name = 'NoHost';
  readonly hosts: readonly { readonly name: string; readonly error: unknown }[];

  constructor(hosts: NoHost['hosts']) {
    super();
    this.hosts = hosts;
  }
}

export function codeOf(error: unknown): string | undefined {
  // Several addresses of one name fail together.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
