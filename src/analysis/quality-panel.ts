/** Collects what a call's record says about one person's media: client, devices, networks, streams and feedback. */
import { type MediaKind, mediaKind, type Verdict } from '../contract/call-quality.ts';
import type { StreamWay } from '../contract/quality-words.ts';
import { type NamesByIndex, nameOfEnd, type PersonQuality, ratingOf } from './quality.ts';
import {
  objectOf,
  objectsIn,
  type ReceivedObject,
  type SessionEnd,
  type SessionMedia,
  type SessionStream,
  streamsIn,
} from './quality-streams.ts';

/** What the panel of one person shows in addition to the verdict. */
interface PanelParts {
  /** The person's ends of sessions, as received, without identity and feedback; each once. */
  readonly clients: readonly ReceivedObject[];
  /** Devices as received, with the kind of the media that they were used for; each once. */
  readonly devices: readonly PanelDevice[];
  /** Networks as received; each once. */
  readonly networks: readonly PanelNetwork[];
  readonly feedback: readonly PanelFeedback[];
  /** Poor ones first. */
  readonly streamList: readonly PanelStream[];
  /** False when the lists end at their bound: the person has more. */
  readonly isAll: boolean;
}

export interface PersonPanel extends PersonQuality, PanelParts {}

export interface PanelDevice {
  readonly media: MediaKind | null;
  readonly label: string | null;
  readonly values: ReceivedObject;
}

export interface PanelNetwork {
  /** The labels of the media that used it. */
  readonly labels: readonly string[];
  /** What the record says about a virtual private network; null where it says nothing. */
  readonly vpn: string | null;
  readonly values: ReceivedObject;
}

export interface PanelFeedback {
  /** Null where none was given. */
  readonly rating: string | null;
  readonly text: string | null;
  /** The problems that the person marked. */
  readonly problems: readonly string[];
}

export interface PanelStream {
  readonly direction: StreamWay;
  readonly label: string | null;
  /** The name of the other end. */
  readonly with: string;
  readonly verdict: Verdict;
  /** Metrics beyond their limit. */
  readonly beyond: readonly string[];
  readonly values: ReceivedObject;
}

/** How many of each a panel has at most. */
export const panelBounds = { clients: 20, devices: 50, networks: 50, feedback: 50, streams: 1_000 } as const;

/** A stream before all names are known. */
type FoundStream = Omit<PanelStream, 'with'> & { readonly with: SessionEnd };

/** Accumulates the panel of one person, session by session. */
export class PanelBuilder {
  readonly #index: number;
  readonly #clients = new Distinct<ReceivedObject>(panelBounds.clients);
  readonly #devices = new Distinct<PanelDevice>(panelBounds.devices);
  readonly #networks = new Distinct<ReceivedObject, UsedNetwork>(panelBounds.networks);
  readonly #feedback = new Distinct<PanelFeedback>(panelBounds.feedback);
  readonly #poor: FoundStream[] = [];
  readonly #others: FoundStream[] = [];
  #isAll = true;

  constructor(index: number) {
    this.#index = index;
  }

  /** Adds a session in which the person is at one end or at both. */
  add(media: SessionMedia): void {
    const { session, segments, caller, callee } = media;
    const sides = [
      { end: caller, name: 'caller' },
      { end: callee, name: 'callee' },
    ].filter(({ end }) => end === this.#index);
    for (const { name } of sides) {
      for (const holder of [session, ...objectsIn(segments)]) this.#addEndpoint(objectOf(holder[name]));
      for (const segment of objectsIn(segments))
        for (const one of objectsIn(segment['media'])) this.#addMedia(one, name);
    }
    for (const stream of streamsIn(media)) this.#addStream(media, stream);
  }

  /** @param names Names people as all sessions of the call do. */
  result(names: NamesByIndex): PanelParts {
    const distinct = [this.#clients, this.#devices, this.#networks, this.#feedback];
    return {
      clients: this.#clients.values,
      devices: this.#devices.values,
      networks: this.#networks.values,
      feedback: this.#feedback.values,
      streamList: [...this.#poor, ...this.#others]
        .slice(0, panelBounds.streams)
        .map((found) => ({ ...found, with: nameOfEnd(found.with, names) })),
      isAll:
        this.#isAll &&
        this.#poor.length + this.#others.length <= panelBounds.streams &&
        distinct.every(({ isAll }) => isAll),
    };
  }

  #addEndpoint(endpoint: ReceivedObject | undefined): void {
    if (endpoint === undefined) return;
    const client = Object.fromEntries(Object.entries(endpoint).filter(([name]) => !notOfClient.has(name)));
    if (hasValue(client)) this.#clients.add(client, () => client);
    const given = feedbackOf(objectOf(endpoint['feedback']));
    if (given !== undefined) this.#feedback.add(given, () => given);
  }

  #addMedia(media: ReceivedObject, side: string): void {
    const { label } = media;
    const device = objectOf(media[`${side}Device`]);
    if (device !== undefined && hasValue(device)) {
      const used = { media: mediaKind(label) ?? null, label: textOrNull(label), values: device };
      this.#devices.add(used, () => used);
    }
    const network = objectOf(media[`${side}Network`]);
    if (network === undefined || !hasValue(network)) return;
    const used = this.#networks.add(network, () => ({ labels: [], vpn: vpnOf(network), values: network }));
    const name = textOrNull(label);
    if (name !== null && used?.labels.includes(name) === false && used.labels.length < labelsBound)
      used.labels.push(name);
  }

  #addStream({ caller, callee }: SessionMedia, found: SessionStream): void {
    const { label, stream, sender, receiver, classification } = found;
    const list = classification.verdict === 'poor' ? this.#poor : this.#others;
    const add = (direction: StreamWay, other: SessionMedia['caller']) => {
      if (list.length >= panelBounds.streams) {
        this.#isAll = false;
        return;
      }
      list.push({
        direction,
        label: textOrNull(label),
        with: other,
        verdict: classification.verdict,
        beyond: classification.breaches.map(({ rule }) => rule.property),
        values: stream,
      });
    };
    if (sender === undefined || receiver === undefined)
      add('unknown', caller === this.#index ? callee : caller);
    else {
      if (sender === this.#index) add('sent', receiver);
      if (receiver === this.#index) add('received', sender);
    }
  }
}

/** Members of an endpoint that say nothing about the client. */
const notOfClient: ReadonlySet<string> = new Set(['identity', 'associatedIdentity', 'feedback']);

interface UsedNetwork extends PanelNetwork {
  readonly labels: string[];
}
const labelsBound = 20;

/** Entries of values that differ, up to a bound. */
class Distinct<T, E = T> {
  isAll = true;
  readonly #bound: number;
  readonly #entries = new Map<string, E>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  get values(): readonly E[] {
    return [...this.#entries.values()];
  }

  /** Returns the entry of a value, which is created for the first of equal values; `undefined` beyond the bound. */
  add(value: T, create: () => E): E | undefined {
    const key = JSON.stringify(value);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#bound) {
      this.isAll = false;
      return undefined;
    }
    const entry = create();
    this.#entries.set(key, entry);
    return entry;
  }
}

/** Returns what a network says about a virtual private network: Graph declares only the connection type `tunnel`. */
function vpnOf(network: ReceivedObject): string | null {
  for (const [name, value] of Object.entries(network))
    if (/vpn/i.test(name) && (typeof value === 'boolean' || typeof value === 'string') && value !== '')
      return typeof value === 'string' ? value : value ? 'yes' : 'no';
  return network['connectionType'] === 'tunnel' ? 'tunnel' : null;
}

function feedbackOf(received: ReceivedObject | undefined): PanelFeedback | undefined {
  if (received === undefined) return undefined;
  const rating = ratingOf(received['rating']) ?? null;
  const text = textOrNull(received['text']);
  const tokens = Object.entries(objectOf(received['tokens']) ?? {});
  const problems = tokens.flatMap(([name, value]) => (value === true ? [name] : []));
  return rating === null && text === null && problems.length === 0 ? undefined : { rating, text, problems };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Returns true when any member says something: services send objects of nulls. */
function hasValue(object: ReceivedObject): boolean {
  return Object.entries(object).some(
    ([name, value]) =>
      !name.startsWith('@') &&
      value !== null &&
      value !== '' &&
      value !== 'unknown' &&
      !(typeof value === 'object' && !hasValue(value as ReceivedObject)), // an object or array of JSON text
  );
}
