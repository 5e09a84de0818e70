/** Errors of a store. The message of each is for the operator and holds no data. */

/** A store operation failed. The message is a sentence for the operator and holds no data. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * The storage engine, or a checksum, reports that what is stored is damaged. Every other `StoreError` may be an outage: only
 * this one reports damaged data.
 */
export class StoreDamaged extends StoreError {}

/** The stored data of a call is damaged. */
export class CallDamaged extends StoreDamaged {
  /** Absent where the damage hides the id. */
  readonly callId: string | undefined;

  constructor(callId?: string) {
    super(damageText(callId === undefined ? 'A call' : `The call ${callId}`));
    this.callId = callId;
  }
}

/** @param what Begins a sentence. */
export function damageText(what: string): string {
  return `${what} is damaged in the store. Run rollcall verify to list all damage, and restore an undamaged backup.`;
}

/** Does work on a call, and adds the call's id to a `CallDamaged` without one. */
export function namingDamaged<T>(callId: string, work: () => T): T {
  const named = (error: unknown) =>
    error instanceof CallDamaged && error.callId === undefined ? new CallDamaged(callId) : error;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw named(error);
    }) as T; // the same promise but for its reason
  } catch (error) {
    throw named(error);
  }
}

/** Returns the result of work on the store; `undefined` where the data it reads is damaged. */
export function unlessDamaged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreDamaged) return undefined;
    throw error;
  }
}

/** A write to a store that can only be read. */
export class StoreReadOnly extends StoreError {}

/** There is no store at the place to read from. */
export class StoreMissing extends StoreError {
  constructor(place: string) {
    super(`No store exists at ${place}.`);
  }
}
