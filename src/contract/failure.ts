/**
 * Classifies why a call, a session or a segment failed: the kinds of reasons and their names.
 *
 * Graph does not document the free text in `failureInfo.reason`. So a text is classified by its words or by the SIP
 * code in it, and any other text is shown as received.
 *
 * @see https://learn.microsoft.com/graph/api/resources/callrecords-failureinfo
 */

/** Ends of a call that are not failures: a person declined, or no person answered. */
export const unansweredKinds = ['notAnswered', 'declined', 'busy', 'canceled'] as const;
export type UnansweredKind = (typeof unansweredKinds)[number];

/** Stored by index: append new ones, and add a column to the daily counts (store/daily-stats.ts). */
export const reasonKinds = [
  ...unansweredKinds,
  ...(['network', 'media', 'client', 'unreachable', 'refused', 'service', 'other', 'unstated'] as const),
] as const;
export type ReasonKind = (typeof reasonKinds)[number];

/** The name of each kind that users read. */
export const reasonWords: Readonly<Record<ReasonKind, string>> = {
  notAnswered: 'Not answered',
  declined: 'Declined',
  busy: 'Busy',
  canceled: 'Canceled by the caller',
  network: 'Network connection lost',
  media: 'No media connection',
  client: 'Client or device failed',
  unreachable: 'Not reachable',
  refused: 'Not allowed',
  service: 'Service error',
  other: 'Another reason',
  unstated: 'No reason given',
};

interface ReceivedFailure {
  readonly stage?: unknown;
  readonly reason?: unknown;
}

export interface SessionFailure {
  readonly kind: ReasonKind;
  /** A member of Graph's `failureStage`, or the received value; null when absent. */
  readonly stage: string | null;
  /** The text as received, cut to `longestReason`; null when absent. */
  readonly text: string | null;
}

const longestReason = 200;

export function failureOf({ stage, reason }: ReceivedFailure): SessionFailure {
  const text = typeof reason === 'string' && reason.trim() !== '' ? cut(reason.trim()) : null;
  const at = typeof stage === 'string' && stage !== '' ? cut(stage) : null;
  return { kind: kindOf(text, at), stage: at, text };
}

function cut(text: string): string {
  // Does not split a surrogate pair.
  return text.length <= longestReason
    ? text
    : `${text.slice(0, longestReason).replace(/[\ud800-\udbff]$/, '')}…`;
}

export function isUnanswered(kind: ReasonKind): kind is UnansweredKind {
  return unansweredKinds.some((one) => one === kind);
}

/** Classifies by words; the first match decides: "declined because of media connectivity failure" is `media`. */
const wordings: readonly (readonly [ReasonKind, RegExp])[] = [
  ['media', /\bmedia\b|\bcodec|encryption mismatch|\bsrtp\b|\bsdp\b|\bice\b/],
  [
    'network',
    /network|connection (was |is |has been )?(lost|dropped)|lost connection|bandwidth|firewall|\bdns\b/,
  ],
  [
    'client',
    /crash|device (failure|failed|error)|(client|app|application) (failed|failure|error|stopped|exited|closed)/,
  ],
  [
    'notAnswered',
    /not (been )?answered|un-?answered|no ?-?answer|did(n't| not) answer|not picked up|missed call/,
  ],
  ['busy', /\bbusy\b|already (in|on) (a|another) call/],
  ['declined', /declin|reject/],
  ['canceled', /cancel|request terminated|hung up before|abandoned/],
  [
    'unreachable',
    /not found|unknown (number|user)|does not exist|invalid (number|user)|unavailable|offline|unreachable|not reachable|no (callee )?endpoint|unassigned|unallocated/,
  ],
  ['refused', /forbidden|not (allowed|authorized|permitted)|unauthorized|denied|blocked|polic(y|ies)\b/],
  ['service', /server|service|internal error|gateway|timed? ?-?out/],
];

/** Classifies by the SIP code in a text when no words match (RFC 3261, section 21). */
const sipKinds: Readonly<Record<string, ReasonKind>> = {
  ...{ '401': 'refused', '403': 'refused', '407': 'refused', '606': 'media', '488': 'media', '415': 'media' },
  ...{ '404': 'unreachable', '408': 'unreachable', '410': 'unreachable', '480': 'unreachable' },
  ...{ '484': 'unreachable', '604': 'unreachable' },
  ...{ '486': 'busy', '600': 'busy', '487': 'canceled', '603': 'declined', '607': 'declined' },
};

function kindOf(text: string | null, stage: string | null): ReasonKind {
  if (text === null) return 'unstated';
  const kind = kindOfText(text);
  // An answered call cannot be declined: a transfer or an invitation within it was.
  return stage === 'midcall' && isUnanswered(kind) ? 'other' : kind;
}

function kindOfText(text: string): ReasonKind {
  const folded = spaced(text).toLowerCase();
  const byWords = wordings.find(([, words]) => words.test(folded))?.[0];
  if (byWords !== undefined) return byWords;
  const code = /^\D{0,20}\b([3-6]\d\d)\b/.exec(folded)?.[1];
  if (code === undefined) return 'other';
  return sipKinds[code] ?? (code.startsWith('5') ? 'service' : 'other');
}

/** Splits a name in camel case into words: `CallEndReasonMediaError`. */
function spaced(text: string): string {
  return text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ');
}

/** Returns the words for the stage of a failure; empty when the record does not state it. */
function stageWords(stage: string | null): string {
  if (stage === 'callSetup') return 'while connecting';
  return stage === 'midcall' ? 'during the call' : '';
}

/** Returns a failure on one line: "Network connection lost, during the call: “The network was lost.”" */
export function failureWords({ kind, stage, text }: SessionFailure): string {
  // A person always declines before the call.
  const when = isUnanswered(kind) ? '' : stageWords(stage);
  const quoted = text === null || isSameText(text, kind) ? '' : `: “${text}”`;
  return `${reasonWords[kind]}${when === '' ? '' : `, ${when}`}${quoted}`;
}

function isSameText(text: string, kind: ReasonKind): boolean {
  const plain = (one: string) => one.toLowerCase().replaceAll(/[^a-z]/g, '');
  return plain(text) === plain(reasonWords[kind]);
}

/** Returns the failure of a session: a cause precedes a decision of a person, and a longer text a shorter one. */
export function decidingFailure(failures: readonly SessionFailure[]): SessionFailure | undefined {
  return failures.toSorted(compareFailures)[0];
}

export function distinctFailures(failures: readonly SessionFailure[]): readonly SessionFailure[] {
  if (failures.length < 2) return failures;
  const distinct = new Map(failures.map((failure) => [failureWords(failure), failure]));
  return [...distinct.values()].sort(compareFailures);
}

const rank = (kind: ReasonKind) => (kind === 'unstated' ? 2 : isUnanswered(kind) ? 1 : 0);

function compareFailures(a: SessionFailure, b: SessionFailure): number {
  return (
    rank(a.kind) - rank(b.kind) ||
    reasonKinds.indexOf(a.kind) - reasonKinds.indexOf(b.kind) ||
    (b.text?.length ?? 0) - (a.text?.length ?? 0) ||
    compareTexts(a.text ?? '', b.text ?? '') ||
    compareTexts(a.stage ?? '', b.stage ?? '')
  );
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
