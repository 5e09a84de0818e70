/** Checks whether other users of the machine can read files that only Rollcall's user may read. */
import { readdirSync, statSync } from 'node:fs';
import { attention, type Finding } from './finding.ts';

/** The permission bits of users other than the owner. */
const others = 0o077;
/** The permission bits of users outside the group: keys may be shared with the group. */
const othersMode = 0o007;

/** Of a SQLite store: the file, those that SQLite keeps beside it, and its snapshots. */
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

/** Where container platforms and systemd mount secrets, for one container or one service alone. */
const mounted = /^\/(var\/)?run\/(secrets|credentials)\//;

/** @param what Is in the file: `the private key`, `the secret`. */
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
    return []; // there is none, or it is closed to this user
  }
}

function isWide(path: string, mask: number): boolean {
  // Windows has no modes.
  if (process.platform === 'win32') return false;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & mask) !== 0;
}

function modeOf(path: string): string {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777).toString(8).padStart(4, '0');
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
