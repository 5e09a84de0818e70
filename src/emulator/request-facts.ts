/** What a request says of itself, for rules to match and for counting. */
export interface RequestFacts {
  readonly method: string;
  /** The path as it came, without its query. */
  readonly path: string;
  /** Below the version, with `{id}` for each key: `communications/callRecords/{id}/sessions`. */
  readonly endpoint: string;
  /** By the token, which nobody has verified yet, or by the path of the token endpoint. */
  readonly tenantId: string | undefined;
  readonly appId: string | undefined;
  readonly callId: string | undefined;
  /** Of participants or sessions, from 1; undefined where a page's number is not to be known. */
  readonly page: number | undefined;
  readonly isLaterPage: boolean;
}

/** What a change notification is about. */
export interface NotificationFacts {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Absent in a lifecycle notification. */
  readonly callId: string | undefined;
  /** `created`, `updated`, or what a lifecycle notification says. */
  readonly changeType: string;
}
