/** Parses a header of alternatives with weights, such as `Accept` (RFC 9110, sections 5.6.6 and 12.4.2). */
export interface Alternative {
  readonly name: string;
  /** Parameters by lower-case name, without the weight. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Weight from 0 to 1; 0 excludes the alternative. */
  readonly quality: number;
}

export function parseQualityList(header: string): Alternative[] {
  return header.split(',').flatMap((item) => {
    const [name = '', ...rest] = item.split(';').map((part) => part.trim());
    if (name === '') return [];
    const parameters = new Map<string, string>();
    let quality = 1;
    for (const parameter of rest) {
      const [key = '', value = ''] = parameter.split('=', 2);
      const text = value.trim().replace(/^"(.*)"$/, '$1');
      if (key.trim().toLowerCase() === 'q')
        quality = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 1;
      else if (key.trim() !== '') parameters.set(key.trim().toLowerCase(), text);
    }
    return [{ name: name.toLowerCase(), parameters, quality }];
  });
}

/** Caches results by header text, because clients repeat a few texts. */
export function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const fresh = answer(text);
    if (answers.size >= 64) answers.clear();
    if (text.length <= 512) answers.set(text, fresh);
    return fresh;
  };
}
