/** Lets the reader choose the span of a person's or a number's page: a number of days, or days of the calendar. */
import { useMemo } from 'preact/hooks';
import { peopleMessages as messages } from '../messages/en.ts';
import { Choices } from '../parts/choices.tsx';
import { InputField } from '../parts/fields.tsx';
import { useSearchForm } from '../parts/use-search-form.ts';
import type { Problems } from '../parameters.ts';
import { go, type Place, withQuery } from '../place.ts';
import { chosenSpan, type SpanName, spanNames } from './activity-span.ts';

const quietMs = 400;
const fields = ['from', 'to'] as const;

interface SpanChoiceProps {
  readonly place: Place;
  /** What the server finds wrong with the days, by field. */
  readonly problems: Problems;
}

export function SpanChoice({ place, problems }: SpanChoiceProps) {
  const chosen = chosenSpan(place.query);
  const choices: readonly { readonly name: SpanName | 'chosen'; readonly title: string }[] = [
    ...spanNames.map((name) => ({ name, title: messages.spans[name] })),
    ...(chosen === 'chosen' ? [{ name: chosen, title: messages.chosenDays }] : []),
  ];
  const days = useMemo(
    () => Object.fromEntries(fields.map((field) => [field, place.query.get(field) ?? ''])),
    [place],
  );
  const form = useSearchForm(fields, days, quietMs, ({ from, to }) =>
    go(withQuery(place, { from, to, days: undefined }), { replaces: true }),
  );
  return (
    <div class="span-choice">
      <Choices
        label={messages.span}
        choices={choices}
        chosen={chosen}
        choose={(name) => {
          if (name === 'chosen') return;
          const days = name === '30' ? undefined : name;
          go(withQuery(place, { days, from: undefined, to: undefined }), { replaces: true });
        }}
      />
      <form {...form} aria-label={messages.chosenDays}>
        {fields.map((field) => (
          <InputField
            key={field}
            form="span"
            name={field}
            label={messages.days[field]}
            type="date"
            problem={problems[field]}
          />
        ))}
      </form>
    </div>
  );
}
