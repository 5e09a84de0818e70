/** Rows to the bytes of a file, a run of rows at a time. */
import type { Cell, Column } from './cell.ts';

export interface Encoder {
  /** Rows that are encoded at once: a row group of Parquet. */
  readonly rowsPerRun: number;
  /** What comes before the first row. */
  begin(): Promise<Uint8Array> | Uint8Array;
  encode(rows: readonly (readonly Cell[])[]): Promise<Uint8Array> | Uint8Array;
  /** What comes after the last row. */
  end(): Promise<Uint8Array> | Uint8Array;
  /** What an encoder needs that goes on from here in another process. */
  state(): string;
}

/** @param state Of the encoder that wrote what there is; absent at the beginning. */
export type EncoderFactory = (columns: readonly Column[], state: string | undefined) => Encoder;
