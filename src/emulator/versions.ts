/** Adds the next version of a call, as Graph does: same id, higher version, later lastModifiedDateTime. */
import { createByteCache } from '../base/byte-cache.ts';
import { Fault } from '../contract/faults.ts';
import { callIdOf, planCall } from './generate/call-plan.ts';
import { callRecord } from './generate/call-record.ts';
import type { GenerateOptions } from './generate/generate.ts';
import { toGeneratorTicks } from './generate/ticks.ts';
import { storedParticipants, storedSessions } from '../collect/ingest/stored-entries.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Edition } from '../store/edition.ts';
import { entityTexts } from '../wire/text/sound-layout.ts';
import { storedTypes } from '../wire/text/stored-types.ts';
import { addRecords } from './records.ts';

interface VersionAsked {
  readonly tenantId: string;
  readonly callId: string;
  /** Members to set; the others are completed, or copied from the version before. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  readonly omitParticipants?: number | undefined;
}

export interface NextVersion {
  readonly id: string;
  readonly version: string;
  readonly lastModifiedDateTime: string | null;
}

const maxGenerated = 100;

/** Remembers the options of generated calls, so that a later version can be complete. */
export class Versions {
  readonly #store: CallRecordStore;
  readonly #now: () => Date;
  readonly #generated: GenerateOptions[] = [];
  /** Of about 100,000 calls; the next version of any other call copies the stored one. */
  readonly #numbers = createByteCache<{ readonly options: GenerateOptions; readonly number: number }>({
    maxBytes: 64 * 2 ** 20,
  });

  constructor(store: CallRecordStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  generated(options: GenerateOptions): void {
    this.#generated.push(options);
    if (this.#generated.length > maxGenerated) this.#generated.shift();
  }

  /** @throws Fault `recordMissing`; `badEmulatorRequest` when the members do not make a record */
  async add(asked: VersionAsked): Promise<NextVersion> {
    const { tenantId, callId: askedId } = asked;
    const edition = await this.#store.edition(tenantId, askedId);
    if (edition === undefined)
      throw new Fault(
        'recordMissing',
        `The tenant has no call '${askedId}'. Add it first: POST callRecords.`,
      );
    const before = this.#filled(tenantId, edition.callId) ?? (await storedRecord(this.#store, edition));
    const id = before.get('id') ?? JSON.stringify(edition.callId);
    const members = new Map([
      ...before,
      ['version', String(edition.version + 1n)],
      ['lastModifiedDateTime', JSON.stringify(this.#now().toISOString())],
      ...membersOf(asked.members ?? {}),
      ['id', id],
    ]);
    const text = [...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join();
    const { newVersions } = await addRecords(this.#store, Buffer.from(`{${text}}`), asked);
    const version = members.get('version') ?? '';
    if (newVersions === 0)
      throw new Fault('conflict', `The call has version ${version} already, with the same members.`);
    // The store accepted it, so it is a string or null.
    const lastModifiedDateTime = JSON.parse(members.get('lastModifiedDateTime') ?? 'null') as string | null;
    return { id: JSON.parse(id) as string, version, lastModifiedDateTime };
  }

  /** Returns the complete record of a generated call: all participants, with devices, media and feedback. */
  #filled(tenantId: string, callId: string): Map<string, string> | undefined {
    for (const options of this.#generated.splice(0)) {
      for (let number = 0; number < options.calls; number++)
        this.#numbers.set(`${options.tenantId} ${callIdOf(options, number)}`, { options, number });
    }
    const known = this.#numbers.get(`${tenantId} ${callId}`);
    if (known === undefined) return undefined;
    const { options, number } = known;
    const calendar = { until: toGeneratorTicks(options.until), days: options.days };
    const plan = planCall(options, calendar, options.largest, number);
    const last = plan.editions.at(-1);
    if (last === undefined) return undefined;
    const whole = { ...last, early: false, participants: plan.attendances.length };
    return membersOf(callRecord(plan, whole, options));
  }
}

function membersOf(record: object): Map<string, string> {
  return new Map(Object.entries(record).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** Returns the stored record of an edition by member; lists keep their exact text. */
async function storedRecord(store: CallRecordStore, edition: Edition): Promise<Map<string, string>> {
  const [head] = entityTexts(await store.head(edition), storedTypes.callRecord);
  // A stored head is a JSON object.
  const members = membersOf(JSON.parse(head?.toString() ?? '{}') as object);
  if (edition.sessions !== undefined) members.set('sessions', await listText(storedSessions(edition, store)));
  if (edition.participants !== undefined)
    members.set('participants_v2', await listText(storedParticipants(edition, store)));
  return members;
}

async function listText(entries: AsyncIterable<Buffer>): Promise<string> {
  const texts: string[] = [];
  for await (const entry of entries) texts.push(entry.toString());
  return `[${texts.join()}]`;
}
