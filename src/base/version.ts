import { readFileSync } from 'node:fs';

/** The version of this release, and the optional packages that users install separately. */
export const { version, peerDependencies } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string; readonly peerDependencies: Readonly<Record<string, string>> };
