/**
 * Follows the structure of JSON text that arrives in pieces: where values begin and end, and where the text is invalid.
 * It checks brackets, commas, colons and quotes; the scanner checks the content of strings, numbers and literals in the
 * values found here.
 */

/**
 * Why the walk stopped: a value begins or ends in the watched container, the container closes, or the text is invalid.
 * `tooDeep` means that only the depth is invalid.
 */
type WalkEvent = 'none' | 'begin' | 'end' | 'close' | 'broken' | 'tooDeep';

/** The tokens that may follow. */
const at = {
  value: 0,
  valueOrEnd: 1,
  nameOrEnd: 2,
  name: 3,
  colon: 4,
  commaOrEnd: 5,
  string: 6,
  nameString: 7,
  escape: 8,
  nameEscape: 9,
  word: 10,
} as const;

const array = 1;
const object = 2;
/** Deeper than the scanner's limit, so that the scanner reports a value that is too deep. */
const maxDepth = 128;

export class JsonWalk {
  /** Set by `feed`. */
  event: WalkEvent = 'none';
  /** The depth of the container whose direct values are reported; 0 is the text itself. */
  watch = 0;
  readonly #kinds = new Uint8Array(maxDepth + 1);
  #depth = 0;
  #state: number = at.value;
  #lines = 0;

  get isInString(): boolean {
    return this.#state >= at.string && this.#state <= at.nameEscape;
  }

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** Returns the number of line ends since the last call. */
  takeLines(): number {
    const lines = this.#lines;
    this.#lines = 0;
    return lines;
  }

  /** Resets to the state in which the watched container expects a value. */
  resume(): void {
    this.#depth = this.watch;
    this.#state = at.value;
  }

  /** Resets to the state after a value of the watched container. */
  resumeAfterValue(): void {
    this.#depth = this.watch;
    this.#state = at.commaOrEnd;
  }

  /** Moves to the start of a list that is a member of an object in the watched container, and watches the list. */
  enterMemberList(): void {
    this.#kinds[this.watch + 1] = object;
    this.#kinds[this.watch + 2] = array;
    this.#depth = this.watch += 2;
    this.#state = at.valueOrEnd;
  }

  /** Watches the container whose opening bracket was the last byte. */
  watchOpened(): void {
    this.watch = this.#depth;
  }

  /**
   * Walks until there is an event or the bytes end.
   *
   * @returns The offset after the reported byte; for the first invalid byte, or the first after a number or literal,
   *   its own offset.
   */
  feed(bytes: Uint8Array, from: number, end: number): number {
    const { watch } = this;
    const kinds = this.#kinds;
    let pos = from;
    let state = this.#state;
    let depth = this.#depth;
    const stop = (event: WalkEvent): number => {
      this.event = event;
      this.#state = state;
      this.#depth = depth;
      return pos;
    };
    while (pos < end) {
      const byte = bytes[pos]!;
      if (state === at.string || state === at.nameString) {
        if (byte === 0x22) {
          pos++;
          if (state === at.nameString) state = at.colon;
          else {
            state = at.commaOrEnd;
            if (depth === watch) return stop('end');
          }
        } else if (byte === 0x5c) {
          state = state === at.string ? at.escape : at.nameEscape;
          pos++;
        } else if (byte < 0x20) return stop('broken');
        else pos++;
        continue;
      }
      if (state === at.word) {
        if (isOfWord(byte)) {
          pos++;
          continue;
        }
        state = at.commaOrEnd;
        if (depth === watch) return stop('end');
        continue;
      }
      if (state === at.escape || state === at.nameEscape) {
        state = state === at.escape ? at.string : at.nameString;
        pos++;
        continue;
      }
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        if (byte === 0x0a) this.#lines++;
        pos++;
        continue;
      }
      switch (state) {
        case at.value:
        case at.valueOrEnd: {
          if (byte === 0x5d && state === at.valueOrEnd) break;
          const isWatched = depth === watch;
          if (byte === 0x22) state = at.string;
          else if (byte === 0x7b || byte === 0x5b) {
            if (depth === maxDepth) return stop('tooDeep');
            kinds[++depth] = byte === 0x7b ? object : array;
            state = byte === 0x7b ? at.nameOrEnd : at.valueOrEnd;
          } else if (isOfByteOrderMark(byte) && isWatched) {
            pos++; // concatenated files keep their byte order marks
            continue;
          } else if (isOfWord(byte)) state = at.word;
          else return stop('broken');
          pos++;
          if (isWatched) return stop('begin');
          continue;
        }
        case at.nameOrEnd:
        case at.name:
          if (byte === 0x22) {
            state = at.nameString;
            pos++;
            continue;
          }
          if (byte !== 0x7d || state === at.name) return stop('broken');
          break;
        case at.colon:
          if (byte !== 0x3a) return stop('broken');
          state = at.value;
          pos++;
          continue;
        default:
          if (depth === 0) return stop('broken');
          if (byte === 0x2c) {
            state = kinds[depth] === object ? at.name : at.value;
            pos++;
            continue;
          }
          if (byte !== (kinds[depth] === object ? 0x7d : 0x5d)) return stop('broken');
      }
      // A container closes.
      const isWatched = depth === watch;
      depth--;
      state = at.commaOrEnd;
      pos++;
      if (isWatched) return stop('close');
      if (depth === watch) return stop('end');
    }
    return stop('none');
  }
}

/** Returns true for letters, digits and signs: numbers, `true`, `false`, `null` and similar words. */
function isOfWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  );
}

function isOfByteOrderMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}

/**
 * Classifies the start of a text: a value that may span lines, one that is complete or ends on this line, or text that
 * is not JSON.
 */
export function openingOf(text: Uint8Array): 'lines' | 'line' | 'none' {
  const walk = new JsonWalk();
  let pos = 0;
  do pos = walk.feed(text, pos, text.length);
  while (walk.event === 'begin' || (walk.event === 'end' && pos < text.length));
  if (walk.event === 'broken' || walk.event === 'tooDeep') return 'none';
  return walk.isOpen && !walk.isInString ? 'lines' : 'line'; // strings cannot contain line ends
}
