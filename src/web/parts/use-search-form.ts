/** A form that searches a moment after the last input, and at once on Enter. */
import { useEffect, useRef } from 'preact/hooks';

/**
 * Returns the properties of the form.
 *
 * @param fields Names of its inputs.
 * @param quietMs How long no input comes before the form searches.
 * @param onSearch Called with the trimmed values of the inputs that are not empty.
 */
export function useSearchForm<Field extends string>(
  fields: readonly Field[],
  quietMs: number,
  onSearch: (values: Partial<Record<Field, string>>) => void,
) {
  const ref = useRef<HTMLFormElement>(null);
  const timer = useRef(0);
  const submit = () => {
    clearTimeout(timer.current);
    if (ref.current !== null) onSearch(valuesIn(ref.current, fields));
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    ref,
    onSubmit(event: Event) {
      event.preventDefault();
      submit();
    },
    onInput() {
      clearTimeout(timer.current);
      timer.current = window.setTimeout(submit, quietMs);
    },
  };
}

function valuesIn<Field extends string>(
  form: HTMLFormElement,
  fields: readonly Field[],
): Partial<Record<Field, string>> {
  const data = new FormData(form);
  const values: Partial<Record<Field, string>> = {};
  for (const field of fields) {
    const value = data.get(field);
    if (typeof value === 'string' && value.trim() !== '') values[field] = value.trim();
  }
  return values;
}

export function isField(input: unknown): input is HTMLInputElement | HTMLSelectElement {
  return input instanceof HTMLInputElement || input instanceof HTMLSelectElement;
}
