/** Renders the search fields of a phone log. An invalid value has its error next to its field. */
import { useMemo, useState } from 'preact/hooks';
import { hasPhoneParameter, phoneLogs, phoneStatesOf } from '../../contract/phone-log.ts';
import { phoneMessages as messages } from '../messages/en.ts';
import type { Problems } from '../parameters.ts';
import { InputField, RangeField, SelectField, withAny } from '../parts/fields.tsx';
import { useSearchForm } from '../parts/use-search-form.ts';
import { logOf, type PhoneField, phoneFields, type PhoneSearch } from './phone-search.ts';

const quietMs = 400;

/** Fields that the form hides until they are opened or have a value. */
const furtherFields: readonly PhoneField[] = ['number', 'type', 'sipCode', 'trunk'];

interface FormProps {
  readonly search: PhoneSearch;
  readonly problems: Problems;
  /** The days that the range of the search means. */
  readonly rangeDays: string | undefined;
  readonly onSearch: (search: PhoneSearch) => void;
}

export function PhoneForm({ search, problems, rangeDays, onSearch }: FormProps) {
  const log = logOf(search);
  const values = useMemo(() => ({ log, ...search }), [search]);
  const form = useSearchForm(phoneFields, values, quietMs, onSearch);
  const isNarrowed = furtherFields.some((field) => (search[field] ?? problems[field]) !== undefined);
  const [isOpen, setOpen] = useState(isNarrowed);
  const shows = (field: PhoneField) => hasPhoneParameter(log, field) || search[field] !== undefined;
  const field = (name: PhoneField) => ({
    form: 'phone',
    name,
    label: messages[name],
    problem: problems[name],
  });
  const choice = (name: PhoneField) => ({ ...field(name), value: values[name] });
  return (
    <form {...form} class="search" role="search" aria-label={messages.form}>
      <div class="search-main">
        <SelectField
          {...choice('log')}
          choices={phoneLogs.map((value) => ({ value, title: messages.logs[value] }))}
        />
        <InputField {...field('person')} isWide isSearch placeholder={messages.personPlaceholder} />
        <RangeField {...choice('range')} note={rangeDays} />
        <InputField {...field('from')} type="date" />
        <InputField {...field('to')} type="date" />
        {shows('state') && (
          <SelectField
            {...choice('state')}
            choices={withAny(
              messages.anyResult,
              phoneStatesOf(log).map((value) => ({ value, title: messages.states[value] })),
            )}
          />
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
        <InputField {...field('number')} inputMode="tel" />
        <InputField {...field('type')} />
        {shows('sipCode') && <InputField {...field('sipCode')} inputMode="numeric" />}
        {shows('trunk') && <InputField {...field('trunk')} />}
      </div>
      <button type="submit" class="sr">
        {messages.search}
      </button>
    </form>
  );
}
