/** Describes why a value is rejected, and the next step for the user. */
import { TextError } from '../../wire/text/text-error.ts';
import type { NamedForm } from './text-forms.ts';

export interface Refused {
  readonly reason: string;
  /** The next step; absent when the reason includes it. */
  readonly next?: string;
  /** True when every line of the file has this form. */
  readonly isOfFile?: boolean;
  /** True when it is reported separately, even if others have a similar reason. */
  readonly isSingle?: boolean;
  /** The text of a log row: the rest of its response is imported. */
  readonly logRow?: Buffer;
}

/** Thrown for JSON that is not imported, whose form is recognized. */
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

/** Returns the reason with the next step. */
export function sentenceOf({ reason, next }: Pick<Refused, 'reason' | 'next'>): string {
  return next === undefined ? reason : `${reason} ${next}`;
}
