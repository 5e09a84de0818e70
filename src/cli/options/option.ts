/** The form of a row of the option table. */

const commandNames = [
  'dev',
  'serve',
  'import',
  'generate',
  'token',
  'sync',
  'verify',
  'export',
  'store',
  'retention',
  'quarantine',
  'doctor',
  'completion',
  'config',
] as const;

export type CommandName = (typeof commandNames)[number];

type OptionKind = 'text' | 'integer' | 'switch' | 'list';

/** The help text of an option. */
interface OptionText {
  /** The name of the value: `--port NUMBER`. */
  readonly value?: string;
  readonly help: string;
  /** For `COMMAND --help`, in place of the first sentence of `help`. */
  readonly brief?: string;
  /** The effect of its absence, where that is not the default of the row. */
  readonly standard?: string;
  /** Of a list: the command reads the first value alone. */
  readonly takesOne?: true;
}

export interface Option extends OptionText {
  readonly kind: OptionKind;
  readonly commands: readonly CommandName[];
  /** The actions of `store` that take it; all when absent. */
  readonly actions?: readonly string[];
  /** Differences by command. */
  readonly in?: Readonly<Partial<Record<CommandName, Partial<OptionText>>>>;
  readonly default?: string | number | boolean | readonly string[];
  /** Never shown. */
  readonly secret?: true;
  /** Shown without the password that may be in it; like a secret, it may stand in a file. */
  readonly holdsSecret?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
  readonly pattern?: { readonly form: RegExp; readonly says: string };
}

export const guidPattern = {
  form: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  says: 'a GUID such as 11111111-1111-4111-8111-111111111111',
};
export const httpUrl = {
  form: /^https?:\/\/[^\s/@]+(\/\S*)?$/i,
  says: 'an http or https URL without a user name',
};
/** Where a store is. */
export const storeUrl = {
  form: /^(sqlite:.+|memory:|postgres(ql)?:\/\/.+)$/,
  says: 'sqlite:PATH, postgres://… or memory:',
};
export const day = { form: /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/, says: 'a date such as 2026-11-01' };

export const allCommands: readonly CommandName[] = commandNames;
export const servers: readonly CommandName[] = ['dev', 'serve'];
/** `sync` listens for notifications. */
export const listeners: readonly CommandName[] = [...servers, 'sync'];
