/** What a look at one thing found, in words. */

export interface Finding {
  /** What was looked at, such as `store`; docs/operating.md lists all. */
  readonly about: string;
  readonly state: 'well' | 'attention' | 'wrong';
  /** A sentence, without anything of a person. */
  readonly says: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
}

export function well(about: string, says: string): Finding {
  return { about, state: 'well', says };
}

export function attention(about: string, says: string, remedy: string): Finding {
  return { about, state: 'attention', says, remedy };
}

export function wrong(about: string, says: string, remedy: string): Finding {
  return { about, state: 'wrong', says, remedy };
}
