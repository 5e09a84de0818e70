/** The models that Kiota generated for call records. */
import { Duration, type Parsable, type ParsableFactory } from '@microsoft/kiota-abstractions';
import * as beta from '@microsoft/msgraph-beta-sdk/models/callRecords/index.js';
import * as v1 from '@microsoft/msgraph-sdk/models/callRecords/index.js';
import {
  type BaseCollectionPaginationCountResponse,
  deserializeIntoBaseCollectionPaginationCountResponse,
} from '@microsoft/msgraph-sdk/models/index.js';

/** What a collection's response is in every generated package. */
interface Rows<T extends Parsable> extends BaseCollectionPaginationCountResponse {
  value?: T[] | null;
}
export interface Model<T extends Parsable> {
  readonly one: ParsableFactory<T>;
  readonly many: ParsableFactory<Rows<T>>;
}

function model<T extends Parsable>(one: ParsableFactory<T>): Model<T> {
  return {
    one,
    // The functions' responses would be in the communications package, which is not published: this is their form.
    many:
      () =>
      (rows: Partial<Rows<T>> = {}) => ({
        ...deserializeIntoBaseCollectionPaginationCountResponse(rows),
        value: (node) => {
          rows.value = node.getCollectionOfObjectValues(one) ?? null;
        },
      }),
  };
}

export const models = {
  callRecord: model(v1.createCallRecordFromDiscriminatorValue),
  session: model(v1.createSessionFromDiscriminatorValue),
  segment: model(v1.createSegmentFromDiscriminatorValue),
  participant: model(v1.createParticipantFromDiscriminatorValue),
  organizer: model(v1.createOrganizerFromDiscriminatorValue),
  pstnCallLogRow: model(v1.createPstnCallLogRowFromDiscriminatorValue),
  directRoutingLogRow: model(v1.createDirectRoutingLogRowFromDiscriminatorValue),
  'beta pstnCallLogRow': model(beta.createPstnCallLogRowFromDiscriminatorValue),
  'beta directRoutingLogRow': model(beta.createDirectRoutingLogRowFromDiscriminatorValue),
  'beta smsLogRow': model(beta.createSmsLogRowFromDiscriminatorValue),
  'beta pstnBlockedUsersLogRow': model(beta.createPstnBlockedUsersLogRowFromDiscriminatorValue),
  'beta pstnOnlineMeetingDialoutReport': model(
    beta.createPstnOnlineMeetingDialoutReportFromDiscriminatorValue,
  ),
} as const;

export type ModelName = keyof typeof models;

/** A model as JSON text: durations in their own notation. The SDK's serializers leave out what derived types add. */
export function formatModels(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member instanceof Duration ? member.toString() : member,
  );
}
