/** Makes SQLite fail at a chosen statement of this process, as a full or broken disk does. */
import { DatabaseSync, StatementSync } from 'node:sqlite';

/** SQLITE_BUSY, SQLITE_IOERR_READ, SQLITE_FULL, SQLITE_CANTOPEN: none of them concerns the stored data. */
export const passingCodes = [5, 266, 13, 14] as const;

export interface Failing extends Disposable {
  /** Statements that were executed since it began. */
  readonly statements: number;
}

/** Makes SQLite fail. @param at The first statement that fails, counted from 1; with `lasts`, later ones fail too. */
export function failSqlite({ at, code, lasts }: { at: number; code: number; lasts: boolean }): Failing {
  let statements = 0;
  const undo: (() => void)[] = [];
  const wrap = (prototype: object, name: string) => {
    const original = Reflect.get(prototype, name) as (...values: unknown[]) => unknown;
    Reflect.set(prototype, name, function (this: unknown, ...values: unknown[]) {
      // After a failure only a rollback succeeds.
      if (values[0] === 'ROLLBACK') return original.apply(this, values);
      statements++;
      if (statements === at || (lasts && statements > at))
        throw Object.assign(new Error('failed on purpose'), { code: 'ERR_SQLITE_ERROR', errcode: code });
      return original.apply(this, values);
    });
    undo.push(() => Reflect.set(prototype, name, original));
  };
  for (const name of ['get', 'all', 'run', 'iterate']) wrap(StatementSync.prototype, name);
  wrap(DatabaseSync.prototype, 'exec');
  return {
    get statements() {
      return statements;
    },
    [Symbol.dispose]: () => {
      for (const one of undo) one();
    },
  };
}
