/** Fields of a search form: each has a label, and the error of its value beside it. */
import type { ComponentChildren } from 'preact';
import { rangeMessages } from '../messages/en.ts';
import { ranges } from '../ranges.ts';

interface FieldProps {
  /** The name of the form: ids of its fields begin with it. */
  readonly form: string;
  readonly name: string;
  readonly label: string;
  readonly problem?: string | undefined;
  /** A remark below the field. */
  readonly note?: string | undefined;
  readonly isWide?: boolean;
}

interface InputProps extends FieldProps {
  readonly type?: 'text' | 'search' | 'date' | 'number';
  readonly inputMode?: 'tel' | 'url' | 'numeric';
  readonly placeholder?: string;
  /** The field that `/` moves to. */
  readonly isSearch?: boolean;
}

const longestText = 200;
const longestUrl = 4000;

export function InputField({ type = 'text', inputMode, placeholder, isSearch, ...field }: InputProps) {
  const input = {
    ...fieldAttributes(field),
    autocomplete: 'off',
    spellcheck: false,
    ...(placeholder !== undefined && { placeholder }),
    ...(inputMode && { inputMode }),
    ...(isSearch === true && { 'data-search': true }),
  } as const;
  return (
    <Field {...field}>
      {type === 'date' && <input {...input} type="date" />}
      {type === 'number' && <input {...input} type="number" min={0} step="any" />}
      {type === 'text' && (
        <input {...input} type="text" maxLength={inputMode === 'url' ? longestUrl : longestText} />
      )}
      {type === 'search' && <input {...input} type="search" maxLength={longestText} />}
    </Field>
  );
}

interface Choice {
  readonly value: string;
  readonly title: string;
}

interface SelectProps extends FieldProps {
  readonly choices: readonly Choice[];
  /** The value of the link, shown even when it is not among the choices. */
  readonly value: string | undefined;
}

export function SelectField({ choices, value = '', ...field }: SelectProps) {
  const isKnown = value === '' || choices.some((choice) => choice.value === value);
  return (
    <Field {...field}>
      <select {...fieldAttributes(field)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.title}
          </option>
        ))}
        {!isKnown && (
          <option key={value} value={value}>
            {value}
          </option>
        )}
      </select>
    </Field>
  );
}

/** Returns the choices after one that chooses none. */
export function withAny(title: string, choices: readonly Choice[]): readonly Choice[] {
  return [{ value: '', title }, ...choices];
}

/** Chooses a relative range of days; the note says which days it means. */
export function RangeField(field: Omit<SelectProps, 'choices'>) {
  const choices = ranges.map((value) => ({ value, title: rangeMessages.names[value] }));
  return <SelectField {...field} choices={withAny(rangeMessages.any, choices)} />;
}

function Field({ children, ...field }: FieldProps & { readonly children: ComponentChildren }) {
  const { label, problem, note, isWide = false } = field;
  const { id } = fieldAttributes(field);
  return (
    <div class={isWide ? 'field wide' : 'field'}>
      <label for={id}>{label}</label>
      {children}
      {problem !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {problem}
        </p>
      )}
      {note !== undefined && (
        <p class="field-note" id={`${id}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}

function fieldAttributes({ form, name, problem, note }: FieldProps) {
  const id = `${form}-${name}`;
  const described = [problem !== undefined && `${id}-error`, note !== undefined && `${id}-note`];
  const describedBy = described.filter((one) => one !== false).join(' ');
  return {
    id,
    name,
    ...(problem !== undefined && { 'aria-invalid': true as const }),
    ...(describedBy !== '' && { 'aria-describedby': describedBy }),
  };
}
