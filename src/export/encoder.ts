/** Encodes rows to the bytes of a file, several rows at a time. */
import type { Cell, Column } from './cell.ts';

export interface Encoder {
  /** Rows encoded together: a row group of Parquet. */
  readonly rowsPerRun: number;
  /** Returns the bytes before the first row. */
  begin(): Promise<Uint8Array> | Uint8Array;
  encode(rows: readonly (readonly Cell[])[]): Promise<Uint8Array> | Uint8Array;
  /** Returns the bytes after the last row. */
  end(): Promise<Uint8Array> | Uint8Array;
  /** Returns the state with which another process can continue the encoding. */
  state(): string;
}

/** Creates an encoder. @param state The state of the previous encoder; absent at the start. */
export type EncoderFactory = (columns: readonly Column[], state: string | undefined) => Encoder;
