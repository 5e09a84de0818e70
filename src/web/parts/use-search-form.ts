/** A form that searches a moment after the last input, and at once on Enter. */
import { useEffect, useRef } from 'preact/hooks';

type Values<Field extends string> = Readonly<Partial<Record<Field, string>>>;

/**
 * Returns the properties of the form.
 *
 * @param fields Names of its inputs. A range of days and its first and last day (`range`, `from`, `to`) exclude each
 *   other.
 * @param values Values of a link or of the history: they update the inputs, except the one being edited.
 * @param quietMs How long no input comes before the form searches.
 * @param onSearch Called with the trimmed values of the inputs that are not empty.
 */
export function useSearchForm<Field extends string>(
  fields: readonly Field[],
  values: Values<Field>,
  quietMs: number,
  onSearch: (values: Values<Field>) => void,
) {
  const ref = useRef<HTMLFormElement>(null);
  const timer = useRef(0);
  const submit = () => {
    clearTimeout(timer.current);
    if (ref.current !== null) onSearch(valuesIn(ref.current, fields));
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    for (const field of fields) {
      const input = ref.current?.elements.namedItem(field);
      if (!isField(input) || (input === document.activeElement && input.type !== 'select-one')) continue;
      input.value = values[field] ?? '';
    }
  }, [values]);
  return {
    ref,
    onSubmit(event: Event) {
      event.preventDefault();
      submit();
    },
    onInput({ target }: Event) {
      if (isField(target)) clearOthers(target);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(submit, quietMs);
    },
  };
}

/** Clears the days when a range is chosen, and the range when a day is. */
function clearOthers({ name, value, form }: HTMLInputElement | HTMLSelectElement): void {
  if (value === '') return;
  const others = { range: ['from', 'to'], from: ['range'], to: ['range'] }[name] ?? [];
  for (const other of others) {
    const input = form?.elements.namedItem(other);
    if (isField(input)) input.value = '';
  }
}

function valuesIn<Field extends string>(form: HTMLFormElement, fields: readonly Field[]): Values<Field> {
  const data = new FormData(form);
  const values: Partial<Record<Field, string>> = {};
  for (const field of fields) {
    const value = data.get(field);
    if (typeof value === 'string' && value.trim() !== '') values[field] = value.trim();
  }
  return values;
}

function isField(input: unknown): input is HTMLInputElement | HTMLSelectElement {
  return input instanceof HTMLInputElement || input instanceof HTMLSelectElement;
}
