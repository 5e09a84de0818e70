/** Checks whether other users of the machine can read files that only Rollcall's user should read. */
import { readdirSync, statSync } from 'node:fs';
import { attention, type Finding } from './finding.ts';

/** The permission bits of users other than the owner. */
const others = 0o077;
/** The permission bits of users outside the group: keys may be shared with the group. */
const othersMode = 0o007;

/** Checks the files of a SQLite store: the database, SQLite's files next to it, and its snapshots. */
export function checkModes(path: string): readonly Finding[] {
  const snapshots = `${path}-snapshots`;
  const files = [path, `${path}-wal`, `${path}-shm`, ...filesIn(snapshots)].filter((file) =>
    isWide(file, others),
  );
  const folders = [snapshots].filter((folder) => isWide(folder, others));
  if (files.length + folders.length === 0) return [];
  const remedies = [
    ...(files.length === 0 ? [] : [`chmod 600 ${files.map(quoted).join(' ')}`]),
    ...(folders.length === 0 ? [] : [`chmod 700 ${folders.map(quoted).join(' ')}`]),
  ];
  return [
    attention(
      'store',
      `Other users of this machine may open ${[...files, ...folders].map((one) => `'${one}' (mode ${modeOf(one)})`).join(', ')}, which has calls and keys.`,
      remedies.join('; '),
    ),
  ];
}

/** Matches paths at which container platforms and systemd mount secrets for one container or service. */
const mounted = /^\/(var\/)?run\/(secrets|credentials)\//;

/** Checks a secret file. @param what The content of the file: `the private key`, `the secret`. */
export function checkSecretMode(about: string, what: string, path: string | undefined): readonly Finding[] {
  if (path === undefined || mounted.test(path) || !isWide(path, othersMode)) return [];
  return [
    attention(
      about,
      `Every user of this machine may read ${what} '${path}' (mode ${modeOf(path)}).`,
      `chmod 600 ${quoted(path)}`,
    ),
  ];
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => `${folder}/${name}`);
  } catch {
    return []; // it does not exist, or this user cannot read it
  }
}

function isWide(path: string, mask: number): boolean {
  // Windows has no file modes.
  if (process.platform === 'win32') return false;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & mask) !== 0;
}

function modeOf(path: string): string {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777).toString(8).padStart(4, '0');
}

/** Quotes a path for a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
