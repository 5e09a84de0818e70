/** Lists the commands that read a store, with their arguments. */
interface ReadingCommand {
  /** Returns the arguments. @param store URL of the store. @param file A new file, for commands that write one. */
  readonly args: (store: string, file: string) => readonly string[];
  /** The stream on which it reports a missing store. */
  readonly says: 'stdout' | 'stderr';
}

export const readingCommands: readonly ReadingCommand[] = [
  { args: (store) => ['verify', '--store', store], says: 'stderr' },
  { args: (store) => ['export', '--store', store], says: 'stderr' },
  { args: (store, file) => ['export', '--out', file, '--store', store], says: 'stderr' },
  { args: (store) => ['export', '--call', 'a', '--what', 'roll', '--store', store], says: 'stderr' },
  { args: (store) => ['find', 'anna', '--store', store], says: 'stderr' },
  { args: (store) => ['find', '--what', 'direct-routing', '--store', store], says: 'stderr' },
  { args: (store) => ['show', 'a', '--store', store], says: 'stderr' },
  { args: (store) => ['retention', '--keep-days', '30', '--store', store], says: 'stderr' },
  { args: (store) => ['retention', '--keep-days', '30', '--dry-run', '--store', store], says: 'stderr' },
  { args: (store) => ['doctor', '--store', store], says: 'stdout' },
  { args: (store) => ['store', 'info', '--store', store], says: 'stderr' },
  { args: (store, file) => ['store', 'copy', '--from', store, '--to', `sqlite:${file}`], says: 'stderr' },
  { args: (store) => ['quarantine', 'list', '--store', store], says: 'stderr' },
  { args: (store) => ['quarantine', 'drop', 'ab', '--store', store], says: 'stderr' },
  { args: (store) => ['token', '--store', store], says: 'stderr' },
];

/** A command for SQLite only. */
export const backupCommand: ReadingCommand = {
  args: (store, file) => ['store', 'backup', file, '--store', store],
  says: 'stderr',
};
