import { existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { Command } from '../../command.ts';
import { exitCodes, UsageError } from '../../../base/exit.ts';
import { fileFailure } from '../../file-failure.ts';
import { openExistingStore } from '../../../store/open-store.ts';
import { createProgress } from '../../progress.ts';

export const storeBackup: Command = async ({ settings, operands }, { stdout, stderr, clock }) => {
  const [path, ...more] = operands;
  if (path === undefined || more.length > 0)
    throw new UsageError(['store backup FILE: name one file to write.']);
  if (existsSync(path)) throw new UsageError([`${path}: is there already; name another file.`]);
  await using store = await openExistingStore(settings.store, clock, 'store');
  if (settings.store === 'memory:' || store.transfer.backup === undefined)
    throw new UsageError([
      '--store: only a sqlite: store is backed up so. For PostgreSQL: pg_dump --schema=rollcall, or base backups.',
    ]);
  const progress = createProgress({
    stream: stderr,
    quiet: settings.quiet,
    total: undefined,
    clock: clock.now,
  });
  // The backup appears under its name only when it is complete.
  const part = `${path}.part`;
  await rm(part, { force: true });
  try {
    await store.transfer.backup(part, (done, total) => progress.update(done, `${done} pages`, total));
    await rename(part, path);
  } catch (error) {
    for (const file of [part, `${part}-journal`, `${part}-wal`]) await rm(file, { force: true });
    throw fileFailure(error, `Could not write the backup '${path}'`);
  } finally {
    progress.end();
  }
  const { size } = await stat(path);
  stdout.write(
    settings.json ? `${JSON.stringify({ file: path, bytes: size })}\n` : `${size} bytes in ${path}.\n`,
  );
  return exitCodes.done;
};
