/** The properties of a request that rules match and that requests are counted by. */
export interface RequestFacts {
  readonly method: string;
  /** The path as it came, without its query. */
  readonly path: string;
  /** Below the version, with `{id}` for each key: `communications/callRecords/{id}/sessions`. */
  readonly endpoint: string;
  /** From the token, not verified, or from the path of the token endpoint. */
  readonly tenantId: string | undefined;
  readonly appId: string | undefined;
  readonly callId: string | undefined;
  /** The page of participants or sessions, from 1; undefined where it is unknown. */
  readonly page: number | undefined;
  readonly isLaterPage: boolean;
}

/** The properties of a notification that rules match. */
export interface NotificationFacts {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Absent in a lifecycle notification. */
  readonly callId: string | undefined;
  /** `created`, `updated`, or what a lifecycle notification says. */
  readonly changeType: string;
}
