/** Renders the search fields of a phone log. An invalid value has its error next to its field. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { hasPhoneParameter, phoneLogs, phoneStatesOf } from '../../contract/phone-log.ts';
import { phoneMessages as messages } from '../messages/en.ts';
import { isField, useSearchForm } from '../parts/use-search-form.ts';
import { logOf, type PhoneField, phoneFields, type PhoneProblems, type PhoneSearch } from './phone-search.ts';

const quietMs = 400;

/** Fields that the form hides until they are opened or have a value. */
const furtherFields: readonly PhoneField[] = ['number', 'type', 'sipCode', 'trunk'];

interface FormProps {
  readonly search: PhoneSearch;
  readonly problems: PhoneProblems;
  readonly onSearch: (search: PhoneSearch) => void;
}

export function PhoneForm({ search, problems, onSearch }: FormProps) {
  const form = useSearchForm(phoneFields, quietMs, onSearch);
  const log = logOf(search);
  const isNarrowed = furtherFields.some((field) => (search[field] ?? problems[field]) !== undefined);
  const [isOpen, setOpen] = useState(isNarrowed);
  useEffect(() => {
    // Values from a link or the history update the fields, except the one being edited.
    for (const field of phoneFields) {
      const input = form.ref.current?.elements.namedItem(field);
      if (!isField(input) || (input === document.activeElement && input.type !== 'select-one')) continue;
      input.value = field === 'log' ? log : (search[field] ?? '');
    }
  }, [search]);
  const shows = (field: PhoneField) => hasPhoneParameter(log, field) || search[field] !== undefined;
  const props = (field: PhoneField, label: string) => ({ name: field, label, problem: problems[field] });
  return (
    <form {...form} class="search" role="search" aria-label={messages.form}>
      <div class="search-main">
        <Select {...props('log', messages.log)}>
          {phoneLogs.map((one) => (
            <option key={one} value={one}>
              {messages.logs[one]}
            </option>
          ))}
        </Select>
        <Input {...props('person', messages.person)} isSearch />
        <Input {...props('from', messages.from)} type="date" />
        <Input {...props('to', messages.to)} type="date" />
        {shows('state') && (
          <Select {...props('state', messages.result)}>
            <option value="">{messages.anyResult}</option>
            {phoneStatesOf(log).map((one) => (
              <option key={one} value={one}>
                {messages.states[one]}
              </option>
            ))}
          </Select>
        )}
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls="phone-further"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? messages.fewerFields : messages.moreFields}
        </button>
      </div>
      <div class="search-more" id="phone-further" hidden={!isOpen}>
        <Input {...props('number', messages.number)} inputMode="tel" />
        <Input {...props('type', messages.type)} />
        {shows('sipCode') && <Input {...props('sipCode', messages.sipCode)} inputMode="numeric" />}
        {shows('trunk') && <Input {...props('trunk', messages.trunk)} />}
      </div>
      <button type="submit" class="sr">
        {messages.search}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly name: PhoneField;
  readonly label: string;
  readonly problem: string | undefined;
}

interface InputProps extends FieldProps {
  readonly type?: 'text' | 'date';
  readonly inputMode?: 'tel' | 'numeric';
  /** The field that `/` moves to. */
  readonly isSearch?: boolean;
}

function Input({ name, label, problem, type = 'text', inputMode, isSearch = false }: InputProps) {
  const input = {
    id: `phone-${name}`,
    name,
    autocomplete: 'off',
    spellcheck: false,
    ...(isSearch && { 'data-search': true, placeholder: messages.personPlaceholder }),
    ...marks(name, problem),
  } as const;
  return (
    <div class={isSearch ? 'field wide' : 'field'}>
      <label for={input.id}>{label}</label>
      {type === 'date' ? (
        <input {...input} type="date" />
      ) : (
        <input {...input} type="text" maxLength={200} {...(inputMode && { inputMode })} />
      )}
      <Problem name={name} problem={problem} />
    </div>
  );
}

interface SelectProps extends FieldProps {
  readonly children: ComponentChildren;
}

function Select({ name, label, problem, children }: SelectProps) {
  return (
    <div class="field">
      <label for={`phone-${name}`}>{label}</label>
      <select id={`phone-${name}`} name={name} {...marks(name, problem)}>
        {children}
      </select>
      <Problem name={name} problem={problem} />
    </div>
  );
}

function marks(name: string, problem: string | undefined) {
  return problem === undefined
    ? {}
    : { 'aria-invalid': true as const, 'aria-describedby': `phone-${name}-error` };
}

function Problem({ name, problem }: { readonly name: string; readonly problem: string | undefined }) {
  return problem === undefined ? null : (
    <p class="field-error" id={`phone-${name}-error`}>
      {problem}
    </p>
  );
}
