/** A piece of received text that the store keeps in the quarantine, and the reason. */

/** Units of text that is set aside, smallest first. */
export const setAsideUnits = ['entry', 'listItem', 'logRow', 'page', 'body', 'line'] as const;
export type SetAsideUnit = (typeof setAsideUnits)[number];

/** A piece of received text that is not stored in its place. */
export interface SetAsidePiece {
  readonly unit: SetAsideUnit;
  /** One sentence with the reason. It holds no personal data. */
  readonly reason: string;
  /** The text as received. */
  readonly text: Uint8Array;
}

export interface SetAside extends SetAsidePiece {
  /** `sync`, or `import FILE:LINE`. */
  readonly origin: string;
  /** Absent when nothing identifies its call. */
  readonly callId: string | undefined;
}
