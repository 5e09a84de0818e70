/** Renders the search fields. Typing searches after a moment; Enter searches at once. */
import { useState } from 'preact/hooks';
import { externalChoices } from '../../contract/affiliation.ts';
import { type CallState, callStates, outcomeWords } from '../../contract/call-outcome.ts';
import { ratingName } from '../../contract/quality-words.ts';
import { userRatings } from '../../contract/user-rating.ts';
import { reasonKinds, reasonWords } from '../../contract/failure.ts';
import { callMessages, failureMessages, searchMessages as messages } from '../messages/en.ts';
import type { Problems } from '../parameters.ts';
import { InputField, RangeField, SelectField, withAny } from '../parts/fields.tsx';
import { useSearchForm } from '../parts/use-search-form.ts';
import {
  callModalities,
  callTypes,
  furtherFields,
  type Search,
  type SearchField,
  searchFields,
} from './search.ts';

const quietMs = 300;

interface FormProps {
  readonly search: Search;
  readonly problems: Problems;
  /** The days that the range of the search means. */
  readonly rangeDays: string | undefined;
  readonly onSearch: (search: Search) => void;
}

export function SearchForm({ search, problems, rangeDays, onSearch }: FormProps) {
  const form = useSearchForm(searchFields, search, quietMs, onSearch);
  const isNarrowed = furtherFields.some((field) => (search[field] ?? problems[field]) !== undefined);
  const [isOpen, setOpen] = useState(isNarrowed);
  const field = (name: SearchField) => ({
    form: 'calls',
    name,
    label: messages[name],
    problem: problems[name],
  });
  const choice = (name: SearchField) => ({ ...field(name), value: search[name] });
  return (
    <form {...form} class="search" role="search" aria-label={messages.form}>
      <div class="search-main">
        <InputField {...field('q')} type="search" isWide isSearch placeholder={messages.qPlaceholder} />
        <RangeField {...choice('range')} note={rangeDays} />
        <InputField {...field('from')} type="date" />
        <InputField {...field('to')} type="date" />
        <SelectField
          {...choice('state')}
          choices={withAny(
            failureMessages.anyState,
            callStates.map((value) => ({ value, title: stateName(value) })),
          )}
        />
        <button type="button" aria-expanded={isOpen} aria-controls="further" onClick={() => setOpen(!isOpen)}>
          {isOpen ? messages.fewerFields : messages.moreFields}
        </button>
      </div>
      <div class="search-more" id="further" hidden={!isOpen}>
        <SelectField
          {...choice('reason')}
          choices={withAny(
            failureMessages.anyReason,
            reasonKinds.map((value) => ({ value, title: reasonWords[value] })),
          )}
        />
        <InputField {...field('person')} />
        <InputField {...field('with')} />
        <InputField {...field('number')} inputMode="tel" />
        <InputField {...field('organizer')} />
        <SelectField
          {...choice('external')}
          choices={withAny(
            messages.anyExternal,
            externalChoices.map((value) => ({ value, title: messages.externalChoices[value] })),
          )}
        />
        <InputField {...field('domain')} />
        <InputField {...field('tenant')} />
        <SelectField
          {...choice('rating')}
          choices={withAny(
            messages.anyRating,
            userRatings.map((value) => ({ value, title: ratingName(value) })),
          )}
        />
        <SelectField
          {...choice('type')}
          choices={withAny(
            messages.anyType,
            callTypes.map((value) => ({ value, title: callMessages.types[value] })),
          )}
        />
        <SelectField
          {...choice('modality')}
          choices={withAny(
            messages.anyModality,
            callModalities.map((value) => ({ value, title: messages.modalities[value] })),
          )}
        />
        <InputField {...field('minMinutes')} type="number" />
        <InputField {...field('maxMinutes')} type="number" />
        <InputField {...field('joinUrl')} inputMode="url" />
      </div>
      <button type="submit" class="sr">
        {messages.search}
      </button>
    </form>
  );
}

function stateName(state: CallState): string {
  if (state === 'partlyFailed' || state === 'poor' || state === 'incomplete') return failureMessages[state];
  return outcomeWords[state];
}
