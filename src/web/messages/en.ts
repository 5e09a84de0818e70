/**
 * All texts of the page, in English. A translation is a copy of this file with the same exports, which
 * `build/build-page.ts` bundles in its place. It sets `locale`, forms its plurals where a function gets a number, and
 * orders sentences that hold links: a function gets these elements and returns the parts of the sentence in order.
 *
 * Words that the server and the command line use too are in src/contract/: `call-outcome.ts` (outcomes), `failure.ts`
 * (reasons), `identity-kinds.ts` (kinds of participants), `completeness-words.ts` (states of data), `oddities.ts` (odd
 * values) and `response-codes.ts` (SIP and Microsoft codes). Messages for wrong parameters come from the server. The
 * viewer of the API reference, Swagger UI, has its own texts.
 */
import type { MediaVerdict, PersonOutcome } from '../../analysis/activity.ts';
import type { Affiliation } from '../../contract/affiliation.ts';
import type { PersonField } from '../../analysis/compare-versions.ts';
import type { MissingPart } from '../../contract/call-completeness.ts';
import type { CompletenessState } from '../../contract/completeness-state.ts';
import type { OddPart } from '../../contract/oddities.ts';
import type { CallLink, PhoneLog, PhoneOutcome, PhoneState } from '../../contract/phone-log.ts';

export const locale = {
  /** The language of the document, for browsers and screen readers. */
  language: 'en',
  numbers: 'en',
  /** How names are sorted. */
  sorting: 'en',
  /** Day before month, 24 hours. */
  dates: 'en-GB',
  /** Dates of which every spreadsheet reads year, month and day: `2026-03-02 10:00:05`. */
  sheets: 'sv',
} as const;

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return value.toLocaleString(locale.numbers, options);
}

function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** Numbers with their noun. */
export const countMessages = {
  calls: (count: number) => countOf(count, 'call'),
  people: (count: number) => countOf(count, 'person', 'people'),
  participants: (count: number) => countOf(count, 'participant'),
  inferredParticipants: (count: number) => countOf(count, 'inferred participant'),
  sessions: (count: number) => countOf(count, 'session'),
  /** Some of them, as in `3 of 20 people`. */
  peopleOf: (shown: number, all: number) => `${formatNumber(shown)} of ${countOf(all, 'person', 'people')}`,
} as const;

/** Units of durations. */
export const lengthMessages = {
  seconds: (seconds: number) => `${seconds} s`,
  minutes: (minutes: number) => `${minutes} min`,
  hours: (hours: number, minutes: number) => `${hours} h ${String(minutes).padStart(2, '0')} min`,
} as const;

/** The shell in index.html, before the page has loaded. */
export const shellMessages = {
  title: 'Rollcall',
  noScript: 'The page of Rollcall is made by a script, which this browser does not run.',
} as const;

/** The frame: header, navigation, account, and states that every view has. */
export const frameMessages = {
  product: 'Rollcall',
  documentTitle: (view: string) => `${view} · Rollcall`,
  skip: 'Skip to the content',
  navigation: 'Main',
  places: {
    calls: 'Calls',
    phoneCalls: 'Phone calls',
    statistics: 'Statistics',
    status: 'Status',
    reference: 'API',
  },
  theme: 'Theme',
  themes: { system: 'Auto', light: 'Light', dark: 'Dark' },

  broken: 'The page has failed',
  brokenHint:
    'Load it again. If it fails again, use the API without the page: `/rollcall/openapi.json` describes it.',
  notFound: 'Page not found',
  findCall: 'Find a call',
  checking: 'Checking who is signed in…',

  noResponse: 'The server does not respond',
  noResponseHint: 'There was no response. The server may be restarting, or the network is interrupted.',
  refused: {
    callNotFound: 'Call not found',
    /** For a response that says what was not found. */
    notFound: 'Not found',
    forbidden: 'You do not have access',
    notReady: 'Not ready yet',
    serverError: 'The server had an error',
    invalid: 'The request is not valid',
  },
  /** For a response without a message. */
  answered: (status: number) => `The server answered ${status}.`,
  inLog: <T>(requestId: T) => ['In the server’s log: ', requestId],
  tryAgain: 'Try again',

  copy: 'Copy',
  copied: 'Copied',
  /** The accessible name of a button that copies. @param what One of `copied…` below */
  copyWhat: (what: string) => `Copy ${what}`,
  copiedAnswer: 'the answer',
  copiedCallId: 'the call id',
  copiedJoinUrl: 'the join URL',
  /** The accessible name of the scrolled part of a table. */
  rowsOf: (table: string) => `${table}, rows`,
  /** For a value that is not there. */
  none: '–',
} as const;

export const accountMessages = {
  signOut: 'Sign out',
  question: 'Who was in that call?',
  hint: 'Sign in with your organization’s account to find calls and read their rolls.',
  signIn: 'Sign in',
  signInDeveloper: 'Sign in as the developer',
  ended: 'Your session has ended',
  endedHint: 'What was shown is cleared. Sign in to open the same page again.',
  developerHint: 'This is a development server: one click signs you in.',
} as const;

/** The time zone of shown times. */
export const zoneMessages = {
  label: 'Times',
  /** @param name The zone of the browser; `local` when it does not tell. */
  local: (name: string) => (name === 'local' ? 'Local time' : `Local: ${name}`),
  utc: 'UTC',
  unknownStored: (stored: string, shown: string) =>
    `This browser does not know the chosen time zone “${stored}”. Times are shown in ${shown === 'local' ? 'local time' : shown}.`,
} as const;

/** Relative ranges of days. */
export const rangeMessages = {
  any: 'Any time',
  names: {
    today: 'Today',
    yesterday: 'Yesterday',
    'last-7-days': 'Last 7 days',
    'last-week': 'Last week, Monday to Sunday',
    'this-month': 'This month',
    'last-month': 'Last month',
    'last-30-days': 'Last 30 days',
    'last-90-days': 'Last 90 days',
  },
  days: (from: string, to: string) => (from === to ? from : `${from} – ${to}`),
  badDay: (value: string) => `“${value}” is not a day of the calendar. Enter one, such as 2026-03-02.`,
  rangeAndDays: 'The link has a range and days. Choose one of them.',
  daysReversed: 'This day is before the first one.',
} as const;

/** Errors of links. */
export const linkMessages = {
  title: 'This link has an error',
  badValue: (value: string) => `“${value}” is not a possible value.`,
  badChoice: (value: string) => `“${value}” is not a choice. Choose another.`,
  unknownParameter: 'There is no such parameter.',
  repeated: (values: readonly string[]) =>
    `It is there ${values.length} times: ${values.map((value) => `“${value}”`).join(', ')}.`,
  unknownZone: (name: string) => `This browser does not know a time zone “${name}”.`,
  openWithout: 'Open the page without it',
  correct: 'Nothing is shown: correct what has an error.',
  showAll: 'Show all calls',
} as const;

/** The list of calls and its form. */
export const searchMessages = {
  title: 'Calls',
  form: 'Calls',
  q: 'Name, number, call id or join URL',
  qPlaceholder: 'Press / to search',
  range: 'When',
  from: 'From',
  to: 'To',
  reason: 'Reason',
  moreFields: 'More fields',
  fewerFields: 'Fewer fields',
  person: 'Person: name, UPN or id',
  external: 'External people',
  anyExternal: 'Any',
  externalChoices: { yes: 'With external people', no: 'No external people', unknown: 'Not known' },
  tenant: 'Tenant id',
  domain: 'Domain, such as contoso.com',
  rating: 'Rated by a user',
  anyRating: 'Any',
  with: 'And with: name, UPN or id',
  number: 'Phone number, any part',
  organizer: 'Organizer',
  type: 'Type',
  anyType: 'Any',
  modality: 'With',
  anyModality: 'Any media',
  modalities: { audio: 'Audio', video: 'Video', videoBasedScreenSharing: 'Shared screen' },
  minMinutes: 'At least, minutes',
  maxMinutes: 'At most, minutes',
  joinUrl: 'Join URL',
  search: 'Search',

  badMinutes: (value: string) => `“${value}” is not a number of minutes. Enter one, such as 1.5.`,
  minutesReversed: 'This is less than the shortest length.',

  loading: 'Looking for calls…',
  found: 'Calls found',
  all: (count: number) => (count === 1 ? 'One call.' : `All ${count} calls.`),
  more: 'Show earlier calls',
  moreSorted: 'Show more calls',
  order: 'Order',
  orders: {
    '-start': 'Newest first',
    start: 'Oldest first',
    '-length': 'Longest first',
    length: 'Shortest first',
    '-people': 'Most people first',
    people: 'Fewest people first',
    '-organizer': 'Organizer, Z to A',
    organizer: 'Organizer, A to Z',
  },
  total: (count: number) => `${countOf(count, 'call')}.`,
  totalAbove: (count: number) => `More than ${countOf(count, 'call')}.`,
  counting: 'Counting…',
  notCounted: 'Not counted.',
  sortedOf: (count: string) => `The newest ${count} are sorted.`,
  timesIn: (zone: string) => `Times: ${zone === 'local' ? 'local' : zone}`,
  loadingMore: 'Loading…',
  emptyStore: 'No calls are stored yet',
  emptyStoreHint:
    '`rollcall import FILE` takes records from files; `rollcall sync` pulls them from Microsoft Graph and keeps pulling.',
  noMatch: 'No call matches',
  noMatchHint: 'Every field narrows the search. Clear a field, or try a shorter part of a name or number.',

  start: 'Start',
  length: 'Length',
  people: 'People',
  media: 'Media',
  state: 'State',
  peopleUnit: (count: number) => (count === 1 ? 'person' : 'people'),
  who: 'Who',
  /** Between who matched the search and whom they met. */
  between: ' ↔ ',
  /** The same for a screen reader. */
  betweenRead: ' with ',
  comma: ', ',
  unnamed: 'Unknown',
  absentOrganizer: '(organizer, not in the call)',
  externalOfTenant: (tenant: string | null) => (tenant === null ? 'External' : `External: ${tenant}`),
  moreOf: (count: number) => `+${formatNumber(count)}`,
  externalOf: (count: number) => `${formatNumber(count)} external`,
  unknownOf: (count: number) => `${formatNumber(count)} of an unknown tenant`,
  notLookedUp: 'who matched was not looked up',
  unknownDay: 'Unknown',
  /** What a screen reader reads after the name in a row. */
  rowDetails: (start: string, people: number) => `, ${start}, ${countOf(people, 'person', 'people')}`,
} as const;

/** A call: its heading, its facts, its tabs. */
export const callMessages = {
  title: 'Call',
  titleOf: (organizer: string) => `Call of ${organizer}`,
  heading: <T>(type: string, organizer: T) => [type, ' of ', organizer],
  loading: 'Reading the call…',
  views: 'Views of the call',
  view: {
    roll: 'Roll',
    timeline: 'Timeline',
    media: 'Media quality',
    versions: 'Versions',
    data: 'JSON and curl',
  },
  earlierVersion: (version: string) =>
    `You see version ${version} of this call, as it was stored at that time.`,
  versionNotFound: (version: string) => `Version ${version} of this call is not stored`,
  showNewest: 'Show the newest',

  types: { groupCall: 'Group call', peerToPeer: 'One to one' },
  anyType: 'Call',
  modalities: {
    audio: 'Audio',
    video: 'Video',
    videoBasedScreenSharing: 'Screen',
    screenSharing: 'Screen',
    data: 'Data',
  },
  unknownOrganizer: 'Unknown',

  start: 'Start',
  end: 'End',
  length: 'Length',
  people: 'People',
  inferred: 'inferred',
  sessions: 'Sessions',
  notReceived: 'Not received',
  media: 'Media',
  noMedia: 'None',
  version: 'Version',
  versionsStored: (count: number) => `(${countOf(count, 'version')} stored)`,
  state: 'State',
  /** Unfolds the facts of the call. */
  facts: 'Details',
  unknown: 'Unknown',
  callId: 'Call id',
  joinUrl: 'Join URL',
  completeness: 'Completeness',
  received: (moment: string) => `Received ${moment}.`,
  oddValues: 'Odd values',
  setAside: 'Set aside',
} as const;

/** How complete a call is. */
export const completenessMessages = {
  lacking: {
    record: 'The record itself was not received.',
    participantPages: 'Pages of the list of participants are missing.',
    sessionPages: 'Pages of the list of sessions are missing.',
    listMissing: 'The list of participants was not received.',
    sessions: 'The list of sessions was not received.',
  } satisfies Record<MissingPart, string>,
  /** @param since A time, if one is known */
  states: {
    verified: (since: string | undefined) =>
      `Verified${since === undefined ? '' : ` ${since}`}: nothing is known to be missing.`,
    unverified: () => 'Not verified.',
    missing: () => 'Incomplete.',
  } satisfies Record<CompletenessState, (since: string | undefined) => string>,
  listed: {
    participants: (count: number, pages: number | null, isWhole: boolean) =>
      listSentence(countOf(count, 'participant'), pages, isWhole),
    sessions: (count: number, pages: number | null, isWhole: boolean) =>
      listSentence(countOf(count, 'session'), pages, isWhole),
  },
  notOnList: (count: number) =>
    `${countOf(count, 'person', 'people')} ${count === 1 ? 'is' : 'are'} known only from the sessions: the received list does not have them.`,
  inferred: (count: number) =>
    `${countOf(count, 'person', 'people')} ${count === 1 ? 'is' : 'are'} inferred from the sessions and the record.`,
  oddParts: {
    record: 'The record',
    participants: 'Participants',
    sessions: 'Sessions',
    segments: 'Segments',
  } satisfies Record<OddPart, string>,
  odd: (part: string, count: number, reason: string) => `${part}, ${countOf(count, 'time')}: ${reason}`,
  /** Pieces of data that were set aside. */
  pieces: {
    entry: 'An entry',
    listItem: 'An item of the list of calls',
    logRow: 'A row of a log',
    page: 'A page',
    body: 'A response',
    line: 'A line of a file',
  },
  setAside: <T>(piece: string, reason: string, command: T) => [`${piece}: ${reason} `, command],
  badges: {
    verified: 'Verified',
    unverified: 'Not verified',
    missing: 'Incomplete',
  } satisfies Record<CompletenessState, string>,
} as const;

function listSentence(counted: string, pages: number | null, isWhole: boolean): string {
  const inPages = pages === null ? '' : ` in ${countOf(pages, 'page')}`;
  return `${counted} received${inPages}, ${isWhole ? 'to the end of the list' : 'and the list continues'}.`;
}

export const rollMessages = {
  title: 'Roll',
  media: 'Media',
  /** The link to a person's media; it begins with the text that it shows. */
  mediaOf: (name: string) => `Media of ${name}`,
  find: 'Find in the roll',
  findPlaceholder: 'Name, UPN, number, tenant',
  order: 'Order',
  /** By the value of the parameter `sort`. */
  orders: {
    '': 'As received',
    name: 'Name',
    '-name': 'Name, Z to A',
    joined: 'Joined first',
    '-joined': 'Joined last',
    left: 'Left first',
    '-left': 'Left last',
    '-present': 'Present longest',
    present: 'Present shortest',
  },
  loading: 'Reading the roll…',
  everyone: 'Everyone',
  affiliationCount: (affiliation: string, count: number) => `${affiliation} (${formatNumber(count)})`,
  unknownTenant: 'Not known',
  inferredNotice:
    'These people are inferred from the sessions of the call and from its record: there may have been others.',
  noMatch: 'No participant matches.',
  empty: 'This roll is empty.',

  name: 'Name',
  kind: 'Kind',
  tenant: 'Tenant',
  joined: 'Joined',
  left: 'Left',
  present: 'Present',
  device: 'Device',
  /** Where an inferred participant comes from. */
  sources: {
    sessions: {
      name: 'From sessions',
      title: 'The received list does not have this person; the sessions do.',
    },
    participants: {
      name: 'From the record',
      title: 'The list of participants was not received; the older list in the record names this person.',
    },
    organizer: {
      name: 'Organizer',
      title: 'The list of participants was not received; the record names this person as the organizer.',
    },
  },
} as const;

export const timelineMessages = {
  title: 'Timeline',
  noTimes: 'The sessions of this call have no times of presence.',
  loading: 'Reading sessions…',
  peak: <T>(people: T, at: string) => ['At most ', people, ` at once, from ${at}. `],
  unseen: (count: number) => `${countOf(count, 'person', 'people')} without a session. `,
  present: 'Present',
  presence: (peak: number) => `How many were present: at most ${peak}`,
  everyone: 'Everyone',
  overview: (count: number) =>
    `Participants by when they joined, ${countOf(count, 'person', 'people')}: choose a line to see who it is`,
  noneSelected: 'No participant selected',
  name: 'Name',
  spans: 'Time in the call',
  spansWithSegments: 'Time in the call, and segments in it',
  presentFor: (joined: string, left: string, length: string) => `${joined} to ${left}, present ${length}`,
  inCall: 'in the call',
  segment: 'segment',
  noSegments: 'Segments are shown of calls with at most 2,000 sessions.',
} as const;

export const qualityMessages = {
  loading: 'Reading the media quality…',
  loadingPerson: 'Reading the media of this person…',
  views: 'What to list',
  view: { people: 'People', streams: 'Streams', poorStreams: 'Poor streams' },
  people: 'People and their media',
  noPeople: 'This roll is empty.',
  forWhom: ({ people, poor }: { readonly people: number; readonly poor: number }) =>
    poor === 0
      ? `Poor for none of ${countOf(people, 'person', 'people')}`
      : `Poor for ${formatNumber(poor)} of ${countOf(people, 'person', 'people')}`,
  others: (counts: {
    readonly good: number;
    readonly unclassified: number;
    readonly noMedia: number;
    readonly rated: number;
  }) =>
    `, ${formatNumber(counts.good)} good, ${formatNumber(counts.unclassified)} not classified, ${formatNumber(counts.noMedia)} without media; ${formatNumber(counts.rated)} gave a rating.`,
  firstPeople: (shown: number, all: number) =>
    `The ${formatNumber(shown)} people for whom it was worst are shown, of ${formatNumber(all)}. The panel of each person opens from the roll.`,
  firstStreams: (shown: number) =>
    `The first ${formatNumber(shown)} streams are shown, poor ones first. A person's panel has the streams of that person.`,
  noStreams: 'The segments of this call have no media streams.',
  noPoorStreams: 'No stream was poor.',
  streams: 'Streams',
  poorStreams: (poor: number, all: number) =>
    poor === 0 ? 'No stream was poor' : `${formatNumber(poor)} of ${countOf(all, 'stream')} poor`,
  otherStreams: (good: number, unclassified: number) =>
    `, ${formatNumber(good)} good, ${formatNumber(unclassified)} not classified.`,
  verdict: 'Verdict',
  name: 'Name',
  why: 'Why',
  rating: 'Rating',
  notRated: 'Not rated',
  media: 'Media',
  from: 'From',
  to: 'To',
  with: 'With',
  direction: 'Direction',
  directions: { sent: 'Sent', received: 'Received', unknown: 'Not reported' },
  noDirection: 'direction not reported',
  packets: 'Packets',
  packetCount: (count: number) => formatNumber(count),
  allPeople: 'All people of the call',
  sent: (name: string) => `What others heard and saw from ${name}`,
  received: (name: string) => `What ${name} heard and saw`,
  noneSent: 'No media received in this direction.',
  client: 'Client',
  devices: 'Devices',
  networks: 'Network',
  feedback: 'Rating and comment',
  noFeedback: 'No rating or comment was received.',
  noComment: 'No comment.',
  problems: (names: readonly string[]) => `Marked: ${names.join(', ')}.`,
  cut: 'This person has more than is shown here.',
  notReported: 'not reported',
  allValues: (count: number) => `All values of the first ${countOf(count, 'stream')}, as received`,
  ofMedia: { audio: 'Sound', video: 'Camera', screenSharing: 'Shared screen', other: 'Other media' },
  percentOfCall: (percent: string) => `${percent} % of the call`,
  percent: (percent: string) => `${percent} %`,
  perFiveMinutes: (count: string) => `${count} in 5 minutes`,
  bitRate: (value: string, prefix: string) => `${value} ${prefix}bit/s`,
  vpnTunnel: 'a tunnel: the network adapter reports one',
  vpn: 'VPN',
  usedFor: 'Used for',
  connections: { wired: 'Wired', wifi: 'Wi-Fi', mobile: 'Mobile network', tunnel: 'Tunnel' },
  bands: { frequency24GHz: '2.4 GHz', frequency50GHz: '5 GHz', frequency60GHz: '6 GHz' },
  clientValues: {
    platform: 'Platform',
    productFamily: 'Product',
    headerValue: 'Client version',
    applicationVersion: 'Application version',
    role: 'Role',
    name: 'Computer',
    cpuName: 'Processor',
    cpuCoresCount: 'Cores',
    cpuProcessorSpeedInMhz: 'Clock rate in MHz',
    communicationServiceId: 'Communication Services resource',
    azureADAppId: 'Application id',
  },
  captureNames: { audio: 'Microphone', video: 'Camera', screenSharing: 'Capture', other: 'Capture' },
  captureDrivers: {
    audio: 'Microphone driver',
    video: 'Camera driver',
    screenSharing: 'Capture driver',
    other: 'Capture driver',
  },
  deviceValues: {
    renderDeviceName: 'Headset or speaker',
    renderDeviceDriver: 'Headset or speaker driver',
    sentSignalLevel: 'Speech level sent',
    receivedSignalLevel: 'Speech level received',
    sentNoiseLevel: 'Noise level sent',
    receivedNoiseLevel: 'Noise level received',
    initialSignalLevelRootMeanSquare: 'Signal in the first 30 s (RMS)',
    cpuInsufficentEventRatio: 'Processor too slow',
    renderNotFunctioningEventRatio: 'Speaker did not work',
    captureNotFunctioningEventRatio: 'Microphone did not work',
    deviceGlitchEventRatio: 'Glitches of the device',
    lowSpeechToNoiseEventRatio: 'Speech hardly above the noise',
    lowSpeechLevelEventRatio: 'Speech too quiet',
    deviceClippingEventRatio: 'Sound clipped',
    howlingEventCount: 'Howling, times',
    renderZeroVolumeEventRatio: 'Volume at zero',
    renderMuteEventRatio: 'Speaker muted',
    micGlitchRate: 'Microphone glitches',
    speakerGlitchRate: 'Speaker glitches',
  },
  networkValues: {
    connectionType: 'Connection',
    wifiBand: 'Wi-Fi band',
    wifiSignalStrength: 'Wi-Fi signal',
    wifiChannel: 'Wi-Fi channel',
    wifiRadioType: 'Wi-Fi type',
    wifiVendorDriver: 'Wi-Fi driver',
    wifiVendorDriverVersion: 'Wi-Fi driver version',
    wifiMicrosoftDriver: 'Microsoft Wi-Fi driver',
    wifiMicrosoftDriverVersion: 'Microsoft Wi-Fi driver version',
    basicServiceSetIdentifier: 'Access point (BSSID)',
    wifiBatteryCharge: 'Battery',
    ipAddress: 'IP address',
    port: 'Port',
    subnet: 'Subnet',
    reflexiveIPAddress: 'Reflexive address',
    relayIPAddress: 'Relay',
    relayPort: 'Relay port',
    networkTransportProtocol: 'Transport',
    linkSpeed: 'Link speed',
    macAddress: 'MAC address',
    dnsSuffix: 'DNS suffix',
    sentQualityEventRatio: 'Network made sent sound poor',
    receivedQualityEventRatio: 'Network made received sound poor',
    delayEventRatio: 'Delay too long for a conversation',
    bandwidthLowEventRatio: 'Bandwidth too low',
    traceRouteHops: 'Trace route',
  },
  legend: 'What is poor',
  metric: 'Metric',
  poorWith: 'Poor with',
  legendAudio: (packets: string) =>
    `Audio is classified only ${packets}; any of its values can make it poor.`,
  legendVideo: 'For video and a shared screen, the first of these values that a stream has decides.',
  legendSource: <T>(source: T) => [
    'The thresholds are those of ',
    source,
    '. Microsoft documents none for devices and networks, so their values are shown without a verdict.',
  ],
  dashboard: 'Microsoft’s Call Quality Dashboard',
} as const;

export const versionMessages = {
  compare: 'Two states side by side',
  sides: { left: 'Was', right: 'Is' },
  /** Of a version with several states. */
  versionState: (version: number, edition: number) => `Version ${version} (state ${edition})`,
  state: (name: string, received: string) => `${name}, received ${received}`,
  noSuchState: 'There is no such state of this call. Choose one.',
  oneState: 'Only one state of this call is stored: there is nothing to compare.',
  comparing: 'Comparing…',
  summary: (came: number, went: number, changed: number) =>
    `${countOf(came, 'person', 'people')} came, ${formatNumber(went)} went, ${formatNumber(changed)} changed.`,
  same: 'Both sides show the same state.',
  unsure:
    'One of these states lacks a list: some of its people are inferred or unknown, so those who came or went may be in both.',
  facts: 'Facts that differ',
  what: 'What',
  modified: 'Modified',
  people: 'People',
  sessionCount: 'Sessions',
  completeness: 'Completeness',
  notReceived: 'Not received',
  went: (state: string, count: number) => `Went: ${formatNumber(count)}, only in ${state}`,
  came: (state: string, count: number) => `Came: ${formatNumber(count)}, only in ${state}`,
  changedPeople: (count: number) => `Changed: ${countOf(count, 'person', 'people')}`,
  removedSessions: (state: string, count: number) => `${countOf(count, 'session')} only in ${state}`,
  addedSessions: (state: string, count: number) => `${countOf(count, 'session')} only in ${state}`,
  changedSessions: (count: number) => `Changed: ${countOf(count, 'session')}`,
  sessionsUnknown: 'Sessions are not compared: one of these states has no list of sessions.',
  noPerson: 'No person of the roll',
  span: (from: string, to: string) => `${from} to ${to}`,
  more: (count: number) => `and ${formatNumber(count)} more`,
  otherwise: (text: string) => `${text} (differs in a part that is not shown)`,
  properties: {
    startDateTime: 'Start',
    endDateTime: 'End',
    type: 'Type',
    modalities: 'Media',
    joinWebUrl: 'Join URL',
    organizer: 'Organizer',
    organizer_v2: 'Organizer',
    participants: 'Older list of participants',
  },
  fields: {
    name: 'Name',
    kind: 'Kind',
    userPrincipalName: 'User principal name',
    tenantId: 'Tenant',
    inferredFrom: 'Source',
    joinedDateTime: 'Joined',
    leftDateTime: 'Left',
    presentSeconds: 'Present',
    platforms: 'Device',
    failures: 'Reasons',
  } satisfies Record<PersonField, string>,
  onList: 'Received list',
  unknown: 'Unknown',
  allStates: 'All stored states',

  loading: 'Reading versions…',
  version: (version: number) => `Version ${version}`,
  times: (modified: string, received: string) => `modified ${modified}, received ${received}`,
  unknownTime: 'at an unknown time',
  sessionsNotReceived: 'sessions not received',
  lists: (participants: string, sessions: string) => `${participants}, ${sessions}`,
  lacking: (sentences: readonly string[]) => `. ${sentences.join(' ')}`,
  showRoll: (version: number) => `Show the roll of version ${version}`,
  first: 'The first version that was stored.',
  noChanges: 'Properties and lists did not change.',
  changed: <T>(property: T) => [property, ' changed'],
  changedTo: <T>(property: T, before: T, arrow: T, after: T) => [
    property,
    ': ',
    before,
    ' ',
    arrow,
    ' ',
    after,
  ],
  absent: 'absent',
  participants: {
    added: (count: number) => `${countOf(count, 'participant')} added`,
    removed: (count: number) => `${countOf(count, 'participant')} removed`,
    changed: (count: number) => `${countOf(count, 'participant')} changed`,
  },
  sessions: {
    added: (count: number) => `${countOf(count, 'session')} added`,
    removed: (count: number) => `${countOf(count, 'session')} removed`,
    changed: (count: number) => `${countOf(count, 'session')} changed`,
  },
  named: <T>(what: string, names: readonly T[], more: number) => [
    `${what}: `,
    ...names.flatMap((name, i) => (i > 0 ? [', ', name] : [name])),
    ...(more > 0 ? [`, and ${formatNumber(more)} more`] : []),
  ],
} as const;

/** The tab with the API's answer and the command for it. */
export const dataMessages = {
  request: 'Request',
  requests: { participants: 'Participants', record: 'Record', sessions: 'Sessions and segments' },
  askYourself: 'Ask for it yourself',
  loading: 'Asking…',
  theAnswer: 'The answer',
  answer: 'Answer',
  cut: (shown: number, all: number) =>
    `The first ${formatNumber(shown)} characters of ${formatNumber(all)}: copy takes it whole.`,
} as const;

/** How calls ended. The names of outcomes and reasons are in contract/. */
export const failureMessages = {
  anyState: 'Any',
  reason: 'Reason',
  anyReason: 'Any reason',
  partlyFailed: 'Failed for some people',
  poor: 'Poor media',
  poorBadge: 'Poor',
  incomplete: 'Incomplete',
  howItEnded: 'How it ended',
  failedBecause: (failed: string, reason: string) => `${failed}: ${reason}`,
  moreReasons: (reason: string, more: number) => `${reason} +${more}`,
  affected: (affected: number, people: number) =>
    `Failed for ${formatNumber(affected)} of ${formatNumber(people)}`,
  reasonCounts: (sessions: number, people: number) =>
    `(${countOf(people, 'person', 'people')}, ${countOf(sessions, 'session')})`,
  endedSessions: (count: number) => `${countOf(count, 'session')} with a reason`,
  shownOf: (shown: number, all: number) =>
    `The first ${formatNumber(shown)} of ${formatNumber(all)} are shown.`,
  person: 'Person',
  start: 'Start',
  unknownPerson: 'Unknown person',
  why: 'Why calls did not go well',
  whyNote:
    'A call counts for each reason that one of its sessions has, even when the call went well for other people.',
  noReasons: 'No session in this span has a reason.',
  calls: 'Calls',
  unanswered: 'Not answered, declined, busy or canceled',
} as const;

/** Phone calls and text messages. */
export const phoneMessages = {
  title: 'Phone calls',
  form: 'Phone calls',
  log: 'Log',
  logs: {
    pstn: 'Calling plans (PSTN)',
    directRouting: 'Direct routing',
    sms: 'Text messages (SMS)',
  } satisfies Record<PhoneLog, string>,
  person: 'Person: name, UPN or id',
  personPlaceholder: 'Press / to search',
  range: 'When',
  from: 'From',
  to: 'To',
  number: 'Phone number, any part',
  type: 'Type',
  state: 'Result',
  anyResult: 'Any',
  states: {
    failed: 'Failed',
    missed: 'Missed',
    missedWithoutRecord: 'Missed, without a call record',
  } satisfies Record<PhoneState, string>,
  sipCode: 'SIP code',
  trunk: 'Trunk',
  search: 'Search',
  moreFields: 'More fields',
  fewerFields: 'Fewer fields',

  loading: 'Looking for phone calls…',
  found: 'Phone calls found',
  table: 'Rows of the log',
  none: 'No row of this log matches',
  noneHint: 'Leave a field out, choose another log, or look at the status for what was collected.',
  showAll: 'Show the whole log',
  more: 'Show earlier rows',
  loadingMore: 'Loading…',
  stopped: (until: string) =>
    `The sums are of the rows from ${until} on: there are more rows than one answer counts. Choose a shorter span.`,
  shown: (rows: number, all: number | undefined) =>
    all === undefined ? `${countOf(rows, 'row')}.` : `${formatNumber(rows)} of ${countOf(all, 'row')}.`,

  start: 'Start',
  user: 'Person',
  caller: 'From number',
  callee: 'To number',
  length: 'Length',
  cost: 'Cost',
  parts: 'Parts',
  call: 'Call',
  noPerson: 'Bot, attendant or queue',
  unknownCountry: 'Unknown',
  outcomes: {
    connected: 'Connected',
    notConnected: 'Not connected',
    failed: 'Failed',
  } satisfies Record<PhoneOutcome, string>,
  missed: 'Missed',
  sip: (code: number) => `SIP ${code}`,
  microsoft: (code: number) => `Microsoft ${code}`,
  amount: (amount: string, currency: string) => `${amount} ${currency}`,
  connection: (amount: string) => `+ ${amount} connection`,
  links: { exact: 'Call', likely: 'Likely call' } satisfies Record<CallLink['certainty'], string>,
  certainty: { exact: 'Exact', likely: 'Likely' } satisfies Record<CallLink['certainty'], string>,
  noCall: 'None found',
  legend:
    'Exact: the row names the call. Likely: a call of the same person with the same number that started within 90 seconds; it may be another call.',

  rows: { pstn: 'Calls', directRouting: 'Calls', sms: 'Messages' } satisfies Record<PhoneLog, string>,
  minutes: 'Minutes',
  failed: 'Failed',
  byPerson: 'By person',
  byCountry: 'By country of the other party',
  country: 'Country',
  otherPeople: (people: number) => `and ${countOf(people, 'more person', 'more people')}`,
} as const;

/** A person's page and a number's page. */
export const peopleMessages = {
  personTitle: 'Person',
  numberTitle: 'Phone number',
  loading: 'Reading calls…',
  unknownPerson: 'Person not found',
  unknownNumber: 'Phone number not found',
  findCalls: 'Find calls',

  affiliation: 'Affiliation',
  affiliations: {
    internal: 'Internal',
    external: 'External',
    phone: 'Phone',
    service: 'Service',
    unknown: 'Unknown tenant',
  } satisfies Record<Affiliation, string>,
  id: 'Id',
  copiedId: 'id',
  copiedNumber: 'phone number',
  principalName: 'User principal name',
  tenant: 'Tenant',
  tenantId: 'Tenant id',
  otherNames: 'Other names',
  lastSeen: 'Last seen',
  number: 'Number',
  masked:
    'The last digits are masked: every match is likely, not certain, and may include other numbers that begin the same way.',

  span: 'Span',
  spans: { '30': '30 days', '90': '90 days', '365': 'A year', all: 'All' },
  chosenDays: 'Chosen days',
  days: { from: 'From', to: 'To' },
  correct: 'Nothing is shown: correct the days.',
  spanOf: (from: string, to: string) => `From ${from} to ${to}.`,
  countedFrom: (calls: number, from: string) =>
    `Counted from ${from} on: the ${countOf(calls, 'newest call', 'newest calls')}. One answer reads no more. Choose a shorter span to count earlier calls.`,
  damaged: (calls: number) =>
    `${countOf(calls, 'call')} left out: the stored data is damaged. Run \`rollcall verify\` to list it.`,
  likely: (calls: number) =>
    `${countOf(calls, 'call')} of these matched by a masked number: likely, not certain.`,
  noCalls: 'No calls in this span.',
  showNewest: 'Show the 30 days before the newest call',

  calls: 'Calls',
  time: 'Time in calls',
  timeNote: (each: string) => `${each} with each call counted by itself`,
  withoutTimes: (calls: number) => `${countOf(calls, 'call')} without known times`,
  missed: 'Missed calls',
  missedKinds: {
    notAnswered: 'Not answered',
    canceled: 'Caller gave up',
    phoneLogs: 'In the phone logs, not connected',
  },
  missedNote: 'The phone logs may have a missed call that is also a call record, so these are not added up.',
  declined: 'Declined',
  busy: 'Busy',
  failed: 'Failed',
  poorShare: 'Poor media',
  notAnsweredByOthers: 'Calls made, not answered',
  shareOf: (part: number, all: number) => `${formatNumber(part)} of ${formatNumber(all)}`,
  noClassified: 'No media that can be classified',

  quality: 'Calls and poor media over time',
  plots: {
    day: (from: string, to: string) => `Calls by day from ${from} to ${to}, and how many had poor media`,
    week: (from: string, to: string) => `Calls by week from ${from} to ${to}, and how many had poor media`,
  },
  legendCalls: 'calls',
  legendPoor: 'of them with poor media',
  pointed: (period: string, calls: number, classified: number, poor: number) =>
    ` — ${period}: ${countOf(calls, 'call')}, ${formatNumber(poor)} of ${formatNumber(classified)} with media poor`,
  asTable: 'The same as a table',
  periods: { day: 'Day, UTC', week: 'Week from, UTC' },
  classified: 'With media',
  poor: 'Poor',
  share: 'Share',
  percent: (value: string) => `${value} %`,

  with: 'With whom',
  person: 'Person',
  callsTogether: 'Calls',
  timeTogether: 'Time together',
  others: (people: number) => `and ${countOf(people, 'more person', 'more people')}`,
  largeCalls: (calls: number, people: number) =>
    `${countOf(calls, 'call')} with more than ${formatNumber(people)} people left out here.`,
  noCompanions: 'These calls have no other people.',

  phone: 'Phone calls and text messages',
  log: 'Log',
  rows: 'Rows',
  incoming: 'Incoming',
  outgoing: 'Outgoing',
  minutes: 'Minutes',
  missedRows: 'Missed',
  cost: 'Cost',
  allRows: 'Rows of the logs',
  likelyRows: (rows: number) => `${formatNumber(rows)} likely`,
  logFrom: (log: string, from: string) => `${log}: counted from ${from} on. One answer reads no more rows.`,
  noRows: 'No rows in this span.',
  sipCodes: 'Failed phone calls by SIP code',
  sipCode: 'SIP code',
  meaning: 'Meaning',
  noMeaning: 'No documented meaning',
  users: 'Users in the phone logs',

  list: 'Calls of this span',
  start: 'Start',
  withPeople: 'With',
  joined: 'Joined',
  left: 'Left',
  inCall: 'In the call',
  result: 'Result',
  unknownTime: 'Not received',
  notConnected: 'Not connected',
  morePeople: (people: number) => `+${formatNumber(people)}`,
  peopleCount: (people: number) => countOf(people, 'other person', 'other people'),
  alone: 'No other people',
  sides: { caller: 'Made', callee: 'Received', both: '' },
  outcomes: {
    connected: 'Connected',
    failed: 'Failed',
    notAnswered: 'Not answered',
    declined: 'Declined',
    busy: 'Busy',
    canceled: 'Canceled by the caller',
    unknown: 'Not received',
  } satisfies Record<PersonOutcome, string>,
  verdicts: { good: 'Good', poor: 'Poor', unclassified: 'Too little data' } satisfies Record<
    MediaVerdict,
    string
  >,
  media: 'Media',
  noMedia: 'None received',
  likelyMatch: 'Likely',
  more: 'Show earlier calls',
  loadingMore: 'Loading…',
  shown: (calls: number) => `${countOf(calls, 'call')}.`,
} as const;

export const statisticsMessages = {
  title: 'Statistics',
  span: 'Span',
  spans: { '30': '30 days', '90': '90 days', '365': 'A year', all: 'All' },
  loading: 'Counting…',
  none: 'No calls in this span',
  noneHint: 'Choose a longer span, or see the status page for what is stored.',
  calls: 'Calls',
  participants: 'Participants',
  failed: 'Failed',
  poor: 'Poor',
  poorMedia: 'Poor media',
  percent: (value: string) => `${value} %`,
  perDay: 'Calls per day',
  plot: (from: string, to: string) => `Calls per day from ${from} to ${to}`,
  legendCalls: 'calls',
  legendFailed: 'of them failed',
  /** The day under the pointer. */
  pointed: <T>(day: T, calls: number, participants: number, failed: number, poor: number) => [
    ' — ',
    day,
    `: ${formatNumber(calls)} calls, ${formatNumber(participants)} participants, ${failed} failed, ${poor} poor`,
  ],
  asTable: 'The same as a table',
  day: 'Day, UTC',
  perCall: 'Participants per call',
  byPeople: (calls: number) => `${countOf(calls, 'call')}, by how many took part.`,
  moreThan: (count: number) => `more than ${formatNumber(count)}`,
  between: (from: number, to: number) => `${formatNumber(from)}–${formatNumber(to)}`,
} as const;

export const statusMessages = {
  title: 'Status',
  loading: 'Reading the status…',
  licences: 'Licenses of the packages in this page',
  calls: 'Calls',
  hours: 'Hours',
  callsStored: 'Calls stored',
  statesStored: 'States stored',
  gaps: 'Gaps',
  subscriptions: 'Subscriptions',
  completeness: 'Completeness',
  states: {
    verified: 'Verified',
    unverified: 'Not verified',
    missing: 'Missing',
  } satisfies Record<CompletenessState, string>,
  standing: (what: string, state: string) => `${what}: ${state}.`,
  checked: (reason: string, moment: string) => `${reason} Checked ${moment}.`,
  since: (reason: string, moment: string) => `${reason} Since ${moment}.`,
  unknownTime: 'unknown',
  listedSpan: (from: string, to: string) =>
    `Sync listed calls that began from ${from} to ${to}: other times are not proved.`,
  neverListed: 'No time is proved: sync has listed no calls.',

  sync: 'Sync',
  noSync:
    'Sync has not run for this tenant: calls come only from imports. `rollcall sync` keeps a tenant of Graph.',
  listedUpTo: (lag: string) => `Sync has listed upstream up to ${lag} ago.`,
  allFetched: 'Every listed call is fetched.',
  toFetch: (count: number) => `${countOf(count, 'call')} still to fetch.`,
  expired: (count: number) => `${countOf(count, 'call')} expired at upstream before sync fetched them.`,
  lastListed: (moment: string, nextDue: string | undefined) =>
    `Last listed ${moment}${nextDue === undefined ? '' : `, next fetch due ${nextDue}`}.`,

  verification: 'Verification',
  notVerified: 'Not verified yet. Run `rollcall verify` to check everything that is stored.',
  found: (records: number, corrupt: number, incomplete: number, missingParticipants: number) => {
    const found = [
      corrupt === 0 ? 'no part is corrupt' : `${countOf(corrupt, 'part')} corrupt`,
      incomplete === 0 ? 'every call is complete' : `${countOf(incomplete, 'call')} incomplete`,
      ...(missingParticipants === 0
        ? []
        : [`${countOf(missingParticipants, 'participant')} known only from sessions`]),
    ];
    return `${countOf(records, 'call')} checked: ${found.join(', ')}.`;
  },
  ended: (moment: string) => `Ended ${moment}.`,

  gapKinds: {
    hoursNotListed: 'Hours that sync has not listed',
    recordNotFetched: 'A known record that was not fetched',
    recordMissing: 'A call without its record',
    listMissing: 'A list that was not received',
    pagesMissing: 'Pages of a list that are missing',
    recordDamaged: 'An incomplete call that is damaged in the store',
  },
  noGaps: 'Nothing is known to be missing.',
  noKnownGaps: 'No gap is known, but not everything is verified.',
  whatIsMissing: 'What is missing',
  from: 'From',
  to: 'To',
  of: 'Of',
  recoverable: 'Recoverable',
  ofCalls: 'calls',
  recoverableWords: { yes: 'Yes', no: 'No', unknown: 'Not known' },
  gapsCut: (shown: number, all: number) =>
    `The first ${shown} of ${countOf(all, 'gap')}; \`rollcall verify --json\` has all.`,

  noSubscriptions: 'No application is notified of calls.',
  resource: 'Resource',
  changes: 'Changes',
  notifiedAt: 'Notified at',
  application: 'Application',
  until: 'Until',
} as const;

export const referenceMessages = {
  title: 'API reference',
  loading: 'Loading the reference…',
  version: <T>(version: string, document: T) => [
    `Version ${version}. The same as an OpenAPI document: `,
    document,
    '.',
  ],
  operations: 'Operations',
  code: 'Code',
} as const;

/** Exports, printing, copying, and the commands that do the same without the page. */
export const takeAlongMessages = {
  shells: { curl: 'curl', powershell: 'PowerShell' },
  shell: 'Program',
  command: 'Command',
  copiedCommand: 'the command',
  tokenHints: {
    curl: '`$TOKEN` is an access token of an application with `CallRecords.Read.All`.',
    powershell: '`$env:TOKEN` is an access token of an application with `CallRecords.Read.All`.',
  },
  everyPage: 'The command requests every page and prints all entries as one JSON text.',
  withoutPage: 'The same by a command',
  takeAlong: 'Take it along',
  csv: 'Download CSV',
  json: 'Download JSON',
  copyTable: 'Copy table',
  print: 'Print',
  saved: 'Saved.',
  copied: (rows: number) => `${countOf(rows, 'row')} copied.`,
  busy: (rows: number) => (rows === 0 ? 'Working…' : `${countOf(rows, 'row')}…`),
  wholeRoll: 'The files have all people. A copy and print have those shown.',
  shownRows: (most: number) =>
    `The files have every row found, up to ${formatNumber(most)}. A copy and print have those shown.`,
  cutRows: (most: number) => `The files have the first ${formatNumber(most)} rows found.`,
  slowPrint: (pages: number) =>
    `About ${formatNumber(pages)} pages: the browser needs a while to print them.`,
} as const;

/** Texts that are only in print. */
export const printMessages = {
  firstRows: (rows: number) => `The first ${countOf(rows, 'row')} found; there are more.`,
  printed: (time: string, zone: string) => `Printed ${time}. Times are in ${zone}.`,
} as const;

/** The head of a copied roll. */
export const rollTableMessages = {
  name: 'Name',
  userPrincipalName: 'User principal name',
  kind: 'Kind',
  affiliation: 'Affiliation',
  tenant: 'Tenant id',
  tenantName: 'Tenant',
  joined: (zone: string) => `Joined (${zone})`,
  left: (zone: string) => `Left (${zone})`,
  present: 'Present (h:mm:ss)',
  device: 'Device',
  failures: 'Failures',
  id: 'Id',
} as const;

/** The head of copied phone calls, where it differs from what is shown. */
export const phoneTableMessages = {
  start: (zone: string) => `Start (${zone})`,
  length: 'Length (h:mm:ss)',
  sipCode: 'SIP code',
  sipMeaning: 'SIP meaning',
  microsoftCode: 'Microsoft code',
  microsoftMeaning: 'Microsoft meaning',
  currency: 'Currency',
  connection: 'Connection charge',
  callCertainty: 'Call found',
  callId: 'Call id',
} as const;

/** The head of found calls in a file or a copy. */
export const callsTableMessages = {
  start: (zone: string) => `Start (${zone})`,
  end: (zone: string) => `End (${zone})`,
  length: 'Length (h:mm:ss)',
  who: 'Who',
  organizer: 'Organizer',
  type: 'Type',
  people: 'People',
  external: 'External people',
  media: 'Media',
  outcome: 'How it ended',
  state: 'Completeness',
  id: 'Id',
} as const;
