/** A value, or a promise of one: an embedded store answers synchronously. */
export type Awaitable<T> = T | Promise<T>;
