/** Formats the URLs of stores for commands that do not open them. */
import { withoutPassword } from './postgres/store-url.ts';

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}

/** Returns a store's URL without its password, to be shown and pasted into a shell. */
export function shownStore(url: string): string {
  return isPostgres(url) ? `'${withoutPassword(url)}'` : url;
}
