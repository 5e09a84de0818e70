/** Splits qualified names: `microsoft.graph.callRecords.participant` is `participant` in a namespace. */

export function namespaceOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
