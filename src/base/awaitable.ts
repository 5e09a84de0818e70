/** A value, or the promise of one: an embedded store answers at once. */
export type Awaitable<T> = T | Promise<T>;
