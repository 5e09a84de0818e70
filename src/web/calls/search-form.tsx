/** Renders the search fields. Typing searches after a moment; Enter searches at once. */
import { useEffect, useState } from 'preact/hooks';
import { type CallState, callStates, outcomeWords } from '../../contract/call-outcome.ts';
import { reasonKinds, reasonWords } from '../../contract/failure.ts';
import { callMessages, failureMessages, searchMessages as messages } from '../messages/en.ts';
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
    <form {...form} class="search" role="search" aria-label={messages.form}>
      <div class="search-main">
        <label class="field wide">
          <span>{messages.q}</span>
          <input
            name="q"
            type="search"
            data-search
            autocomplete="off"
            spellcheck={false}
            placeholder={messages.qPlaceholder}
            maxLength={200}
          />
        </label>
        <Field name="from" label={messages.from} type="date" />
        <Field name="to" label={messages.to} type="date" />
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
          {isOpen ? messages.fewerFields : messages.moreFields}
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
        <Field name="person" label={messages.person} />
        <Field name="number" label={messages.number} inputMode="tel" />
        <Field name="organizer" label={messages.organizer} />
        <label class="field">
          <span>{messages.type}</span>
          <select name="type">
            <option value="">{messages.anyType}</option>
            <option value="groupCall">{callMessages.types.groupCall}</option>
            <option value="peerToPeer">{callMessages.types.peerToPeer}</option>
          </select>
        </label>
        <label class="field">
          <span>{messages.modality}</span>
          <select name="modality">
            <option value="">{messages.anyModality}</option>
            <option value="audio">{messages.modalities.audio}</option>
            <option value="video">{messages.modalities.video}</option>
            <option value="videoBasedScreenSharing">{messages.modalities.videoBasedScreenSharing}</option>
          </select>
        </label>
        <Field name="minMinutes" label={messages.minMinutes} type="number" />
        <Field name="maxMinutes" label={messages.maxMinutes} type="number" />
        <Field name="joinUrl" label={messages.joinUrl} inputMode="url" />
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
