/** A piece of received text that the store keeps in the quarantine, and the reason. */

/** What was lost of the place where it stood, smallest first. */
export const setAsideUnits = ['entry', 'listItem', 'logRow', 'page', 'body', 'line'] as const;
export type SetAsideUnit = (typeof setAsideUnits)[number];

/** A piece of what was received that is not stored where it stood. */
export interface SetAsidePiece {
  readonly unit: SetAsideUnit;
  /** A sentence: why it is set aside. It holds no personal data. */
  readonly reason: string;
  /** As it was received. */
  readonly text: Uint8Array;
}

export interface SetAside extends SetAsidePiece {
  /** `sync`, or `import FILE:LINE`. */
  readonly origin: string;
  /** Absent where nothing says which call it is of. */
  readonly callId: string | undefined;
}
