/** Stores by their URLs, for commands that open none. */
import { withoutPassword } from './postgres/store-url.ts';

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}

/** A store's URL to be shown and pasted into a shell, without the password that may be in it. */
export function shownStore(url: string): string {
  return isPostgres(url) ? `'${withoutPassword(url)}'` : url;
}
