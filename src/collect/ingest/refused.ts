/** Why something is not taken, and what its user does about it. */
import { TextError } from '../../wire/text/text-error.ts';
import type { NamedForm } from './text-forms.ts';

export interface Refused {
  readonly reason: string;
  /** What to do about it; absent where the reason says so. */
  readonly next?: string;
  /** True when every line of the file is of the same form. */
  readonly isOfFile?: boolean;
  /** True when it is reported separately, even if others have a similar reason. */
  readonly isSingle?: boolean;
  /** The text of a row of a log: what came with it is taken. */
  readonly logRow?: Buffer;
}

/** JSON that is not taken, whose form has a name. */
export class FormError extends TextError {
  readonly form: NamedForm;

  constructor(form: NamedForm) {
    super(form.reason, 'notWanted');
    this.form = form;
  }
}

export function refusedBy(error: TextError): Refused {
  return error instanceof FormError ? error.form : { reason: error.message };
}

/** The reason, and what to do, where that is not said with it. */
export function sentenceOf({ reason, next }: Pick<Refused, 'reason' | 'next'>): string {
  return next === undefined ? reason : `${reason} ${next}`;
}
