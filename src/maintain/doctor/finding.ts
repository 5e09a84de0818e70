/** The result of one check. */

export interface Finding {
  /** The subject of the check, such as `store`; docs/operating.md lists all. */
  readonly about: string;
  readonly state: 'well' | 'attention' | 'wrong';
  /** A sentence without personal data. */
  readonly says: string;
  /** The next step; absent when the check passes. */
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
