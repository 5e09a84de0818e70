/** Renders the search fields. Typing searches after a moment; Enter searches at once. */
import { useEffect, useState } from 'preact/hooks';
import { type CallState, callStates, outcomeWords } from '../../contract/call-outcome.ts';
import { reasonKinds, reasonWords } from '../../contract/failure.ts';
import { failureMessages } from '../messages/failures.ts';
import { isField, useSearchForm } from '../parts/use-search-form.ts';
import { furtherFields, type Search, type SearchField, searchFields } from './search.ts';

const quietMs = 300;

interface FormProps {
  readonly search: Search;
  readonly onSearch: (search: Search) => void;
}

export function SearchForm({ search, onSearch }: FormProps) {
  const form = useSearchForm(searchFields, quietMs, onSearch);
  const isNarrowed = furtherFields.some((field) => search[field] !== undefined);
  const [isOpen, setOpen] = useState(isNarrowed);
  useEffect(() => {
    // Values from a link or the history update the fields, except the one being edited.
    for (const field of searchFields) {
      const input = form.ref.current?.elements.namedItem(field);
      if (!isField(input) || input === document.activeElement) continue;
      input.value = search[field] ?? '';
    }
  }, [search]);
  return (
    <form {...form} class="search" role="search" aria-label="Calls">
      <div class="search-main">
        <label class="field wide">
          <span>Name, number, call id or join URL</span>
          <input
            name="q"
            type="search"
            data-search
            autocomplete="off"
            spellcheck={false}
            placeholder="Press / to search"
            maxLength={200}
          />
        </label>
        <Field name="from" label="From" type="date" />
        <Field name="to" label="To" type="date" />
        <label class="field">
          <span>{failureMessages.state}</span>
          <select name="state">
            <option value="">{failureMessages.anyState}</option>
            {callStates.map((state) => (
              <option key={state} value={state}>
                {stateName(state)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-expanded={isOpen} aria-controls="further" onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fewer fields' : 'More fields'}
        </button>
      </div>
      <div class="search-more" id="further" hidden={!isOpen}>
        <label class="field">
          <span>{failureMessages.reason}</span>
          <select name="reason">
            <option value="">{failureMessages.anyReason}</option>
            {reasonKinds.map((kind) => (
              <option key={kind} value={kind}>
                {reasonWords[kind]}
              </option>
            ))}
          </select>
        </label>
        <Field name="person" label="Person: name, UPN or id" />
        <Field name="number" label="Phone number, any part" inputMode="tel" />
        <Field name="organizer" label="Organizer" />
        <label class="field">
          <span>Type</span>
          <select name="type">
            <option value="">Any</option>
            <option value="groupCall">Group call</option>
            <option value="peerToPeer">One to one</option>
          </select>
        </label>
        <label class="field">
          <span>With</span>
          <select name="modality">
            <option value="">Any media</option>
            <option value="audio">Audio</option>
            <option value="video">Video</option>
            <option value="videoBasedScreenSharing">Shared screen</option>
          </select>
        </label>
        <Field name="minMinutes" label="At least, minutes" type="number" />
        <Field name="maxMinutes" label="At most, minutes" type="number" />
        <Field name="joinUrl" label="Join URL" inputMode="url" />
      </div>
      <button type="submit" class="sr">
        Search
      </button>
    </form>
  );
}

function stateName(state: CallState): string {
  if (state === 'partlyFailed' || state === 'poor' || state === 'incomplete') return failureMessages[state];
  return outcomeWords[state];
}

interface FieldProps {
  readonly name: SearchField;
  readonly label: string;
  readonly type?: 'text' | 'date' | 'number';
  readonly inputMode?: 'tel' | 'url';
}

function Field({ name, label, type = 'text', inputMode }: FieldProps) {
  const input = { name, autocomplete: 'off', spellcheck: false } as const;
  return (
    <label class="field">
      <span>{label}</span>
      {type === 'text' && <input {...input} type="text" {...(inputMode && { inputMode })} />}
      {type === 'date' && <input {...input} type="date" />}
      {type === 'number' && <input {...input} type="number" min={0} step="any" />}
    </label>
  );
}
