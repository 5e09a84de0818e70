/** A row of options, one of which is selected. */

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly choices: readonly { readonly name: T; readonly title: string }[];
  readonly chosen: T;
  readonly choose: (name: T) => void;
}

export function Choices<T extends string>({ label, choices, chosen, choose }: ChoicesProps<T>) {
  return (
    <div class="segmented" role="group" aria-label={label}>
      {choices.map(({ name, title }) => (
        <button key={name} type="button" aria-pressed={name === chosen} onClick={() => choose(name)}>
          {title}
        </button>
      ))}
    </div>
  );
}
