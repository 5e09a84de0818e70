/** Defines a row of the option table. */

const commandNames = [
  'dev',
  'serve',
  'import',
  'generate',
  'token',
  'sync',
  'verify',
  'export',
  'find',
  'show',
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
  /** For `COMMAND --help`, instead of the first sentence of `help`. */
  readonly brief?: string;
  /** The effect of omitting the option, when it is not the row's default. */
  readonly standard?: string;
  /** For a list of which the command reads only the first value. */
  readonly takesOne?: true;
  readonly choices?: readonly string[];
}

export interface Option extends OptionText {
  readonly kind: OptionKind;
  readonly commands: readonly CommandName[];
  /** The actions of `store` that accept it; all when absent. */
  readonly actions?: readonly string[];
  /** Differences by command. */
  readonly in?: Readonly<Partial<Record<CommandName, Partial<OptionText>>>>;
  readonly default?: string | number | boolean | readonly string[];
  /** Never shown. */
  readonly secret?: true;
  /** Shown without the password it may contain; like a secret, it may be in a file. */
  readonly holdsSecret?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The value of the option when it is given without one, before another option or at the end. */
  readonly bare?: string;
  /** For a list whose values may have commas: one value each time the option is given. */
  readonly hasCommas?: true;
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
/** The value of a store URL. */
export const storeUrl = {
  form: /^(sqlite:.+|memory:|postgres(ql)?:\/\/.+)$/,
  says: 'sqlite:PATH, postgres://… or memory:',
};
export const day = { form: /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/, says: 'a date such as 2026-11-01' };

export const allCommands: readonly CommandName[] = commandNames;
export const servers: readonly CommandName[] = ['dev', 'serve'];
/** The commands that listen on a port, including `sync` for notifications. */
export const listeners: readonly CommandName[] = [...servers, 'sync'];
