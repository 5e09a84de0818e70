/** Renders a message in which code, such as a command, stands in backquotes. */
export function TextWithCode({ text }: { readonly text: string }) {
  return <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}
