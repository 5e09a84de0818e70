/** Errors of a store. The message of each is for the operator and holds no data. */

/** A store operation failed. The message is a sentence for the operator and holds no data. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** Why, without the name of the server; absent where no server is concerned. */
  readonly reason: string | undefined;

  constructor(message: string, { reason, ...options }: ErrorOptions & { readonly reason?: string } = {}) {
    super(message, options);
    this.reason = reason;
  }
}

/** The storage engine or a checksum reports that stored data is damaged. Any other `StoreError` may be an outage. */
export class StoreDamaged extends StoreError {}

/** Thrown when the stored data of a call is damaged. */
export class CallDamaged extends StoreDamaged {
  /** Absent when the id is unreadable because of the damage. */
  readonly callId: string | undefined;

  constructor(callId?: string) {
    super(damageText(callId === undefined ? 'A call' : `The call ${callId}`));
    this.callId = callId;
  }
}

/**
 * Returns the message for damaged data.
 *
 * @param what The start of the sentence.
 */
export function damageText(what: string): string {
  return `${what} is damaged in the store. Run rollcall verify to list all damage, and restore an undamaged backup.`;
}

/** Runs work on a call, and adds the call's id to a `CallDamaged` without one. */
export function namingDamaged<T>(callId: string, work: () => T): T {
  const named = (error: unknown) =>
    error instanceof CallDamaged && error.callId === undefined ? new CallDamaged(callId) : error;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw named(error);
    }) as T; // the same promise with another rejection
  } catch (error) {
    throw named(error);
  }
}

/** Returns the result of work on the store; `undefined` when the data it reads is damaged. */
export function unlessDamaged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreDamaged) return undefined;
    throw error;
  }
}

/** Does the same for work that answers asynchronously. */
export async function unlessDamagedLater<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreDamaged) return undefined;
    throw error;
  }
}

/** Thrown by a write to a store that is opened for reading only. */
export class StoreReadOnly extends StoreError {}

/** Thrown when no store exists at the location to read from. */
export class StoreMissing extends StoreError {
  constructor(place: string) {
    super(`No store exists at ${place}.`);
  }
}
