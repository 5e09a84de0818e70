/** A row of the table, which docs/errors.md shows. */
export interface DescribedFault {
  readonly code: string;
  readonly when: string;
  /** What to do; absent where the message says it. */
  readonly remedy?: string;
}

/**
 * Every way a request can be refused. `code` is what the client sees in the error envelope; the status lives in
 * `http/error-response.ts`, so layers below `http/` know no status.
 */
export const faults = {
  malformedRequest: {
    code: 'BadRequest',
    when: 'The request line, a header or the URL cannot be understood.',
    remedy: 'Send HTTP/1.1 with a Host header and valid percent-encoding.',
  },
  unknownSegment: {
    code: 'BadRequest',
    when: 'A path segment is not one of the API, or not offered in the cloud of the server.',
  },
  badKeyPredicate: {
    code: 'BadRequest',
    when: 'A key predicate does not parse.',
    remedy: "Write `('key')` and double each quote in the key, or write the key as a segment.",
  },
  badQueryOption: {
    code: 'BadRequest',
    when: 'A query option does not parse, is repeated, or names an unknown property.',
  },
  unsupportedOption: {
    code: 'BadRequest',
    when: 'This resource does not support the option.',
    remedy: 'Leave it out; `dev --loose` ignores it with a `Warning`.',
  },
  badSkipToken: {
    code: 'BadRequest',
    when: 'The skip token was changed, belongs to another collection or tenant, or names a deleted version.',
    remedy: 'Request the first page again, and follow each `@odata.nextLink` unchanged.',
  },
  tokenMissing: {
    code: 'InvalidAuthenticationToken',
    when: 'The request has no bearer token.',
    remedy: 'Send `Authorization: Bearer …`.',
  },
  tokenInvalid: {
    code: 'InvalidAuthenticationToken',
    when: 'The token is malformed, has an invalid signature or another audience, or is expired or not yet valid.',
    remedy:
      "Get a new token; compare its issuer and audience with the server's `--authority` and `--audience`.",
  },
  permissionMissing: {
    code: 'Forbidden',
    when: 'The token is a delegated one (`scp`), or lacks the application permission.',
    remedy: 'Grant the application `CallRecords.Read.All` and use client credentials.',
  },
  recordMissing: {
    code: 'NotFound',
    when: 'No callRecord of the tenant has this id.',
    remedy: 'Check the id and the tenant of the token.',
  },
  entityMissing: {
    code: 'NotFound',
    when: 'The call exists, but its collection has no entity with this key.',
  },
  sessionRefused: {
    code: 'Forbidden',
    when: 'A person who signed in to the page sends a request that is not a read, or from another site.',
    remedy: 'Use the token of an application.',
  },
  subscriptionMissing: {
    code: 'ResourceNotFound',
    when: 'The application has no such subscription in the tenant, or it has expired.',
    remedy: 'Subscribe again, and list the calls that changed meanwhile.',
  },
  badSubscription: {
    code: 'ValidationError',
    when: 'A property of a subscription is missing or invalid, or its endpoint did not answer the validation request or has an address that is not allowed.',
    remedy: 'docs/notifications.md says what an endpoint must do.',
  },
  subscriptionTooLong: {
    code: 'ExtensionError',
    when: 'A subscription expires more than 4,230 minutes in the future.',
    remedy: 'Set an earlier expiration and renew it.',
  },
  subscriptionForbidden: {
    code: 'ExtensionError',
    when: 'As `permissionMissing`, for a change of subscriptions.',
  },
  subscriptionExists: {
    code: 'ObjectIdentifierInUse',
    when: 'The application has a subscription to the same changes of the same resource; the message has its id.',
    remedy: 'Update it with PATCH, or delete it.',
  },
  tooManySubscriptions: {
    code: 'Forbidden',
    when: 'The tenant has 100 subscriptions.',
    remedy: 'Delete one, or wait until one expires.',
  },
  pageMissing: {
    code: 'NotFound',
    when: 'The path is outside the API, and no page of the server.',
    remedy: 'Use a path under `/v1.0` or `/beta`.',
  },
  dependencyFailed: {
    code: 'FailedDependency',
    when: 'In a batch: a request that this one depends on failed.',
    remedy: 'Read the response to that request.',
  },
  badEmulatorRequest: {
    code: 'BadRequest',
    when: 'A request to the control API has an invalid body, option or step; `details` lists each problem and where it is.',
    remedy: 'docs/developing.md has the reference.',
  },
  originRefused: {
    code: 'Forbidden',
    when: 'A web page sent a request to the control API.',
    remedy: 'Send it from a program.',
  },
  hostRefused: {
    code: 'BadRequest',
    when: "On `dev`: the request has a host name that is not the server's.",
    remedy: 'Use `localhost`, or start `dev` with `--allow-host NAME`.',
  },
  conflict: {
    code: 'Conflict',
    when: 'The control API: the call already has this version, with the same members.',
    remedy: 'Send another version, or other members.',
  },
  notEmulated: {
    code: 'NotImplemented',
    when: 'On `dev`: the path belongs to an area of Microsoft Graph that Rollcall does not emulate; the header `Rollcall-Not-Emulated` names it.',
    remedy: 'Send the request to Graph, or to a stub of that area.',
  },
  sqliteNeeded: {
    code: 'NotImplemented',
    when: 'The control API: a snapshot or a reset needs a SQLite store.',
    remedy: 'Start `dev` with `memory:` or `sqlite:PATH`.',
  },
  unsupportedMediaType: {
    code: 'UnsupportedMediaType',
    when: 'The media type or the content coding of the body is not supported.',
    remedy: 'Send the type that the message names, with gzip or without compression.',
  },
  methodNotAllowed: {
    code: 'Request_BadRequest',
    when: 'The resource does not support this method.',
    remedy: 'Use a method in `Allow`.',
  },
  rangeTooLong: {
    code: 'NotAcceptable',
    when: 'The range of a log function is longer than 90 days.',
    remedy: 'Request several shorter ranges.',
  },
  tooManyRequests: {
    code: 'TooManyRequests',
    when: 'The request exceeds a limit of Graph that `dev --throttle` simulates, or too many endpoint validations of the application failed.',
    remedy: 'Retry after the seconds in `Retry-After`.',
  },
  notAcceptable: {
    code: 'NotAcceptable',
    when: 'Nothing that `Accept`, `$format` and `Accept-Encoding` allow is offered.',
    remedy: 'Send `Accept: application/json`.',
  },
  uriTooLong: {
    code: 'BadRequest',
    when: 'The URL is longer than 8,192 characters.',
  },
  headersTooLarge: {
    code: 'BadRequest',
    when: 'The request line and headers are larger than 32 KiB.',
  },
  bodyTooLarge: {
    code: 'BadRequest',
    when: 'The body is larger than its limit, compressed or decompressed.',
    remedy: 'Send at most 1 MiB to `$batch`, 64 KiB elsewhere.',
  },
  requestTimeout: {
    code: 'RequestTimeout',
    when: 'The request was not complete in time.',
    remedy: 'Send it again without pauses.',
  },
  unavailable: {
    code: 'ServiceUnavailable',
    when: 'The store or the token authority does not respond, or a part of the call is damaged in the store.',
    remedy: "Retry after `Retry-After`; the server's log has the cause.",
  },
  internalError: {
    code: 'InternalServerError',
    when: 'Rollcall has a defect.',
    remedy: 'Report it with the log line that has the same `requestId`.',
  },
} as const satisfies Record<string, DescribedFault>;

export type FaultName = keyof typeof faults;

export interface FaultDetail {
  /** Location of the problem: `steps[3].fault.effect.status`. */
  readonly target: string;
  readonly message: string;
}

/** A refused request: thrown by the layer that finds the problem, and turned into Graph's error envelope by `http/`. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly fault: FaultName;
  /** The part of the request that caused it, as the client wrote it: `$select`, `Prefer`, a path segment. */
  readonly target: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** All problems with their locations, where there may be several. */
  readonly details: readonly FaultDetail[] | undefined;

  constructor(
    fault: FaultName,
    message: string,
    options: {
      target?: string;
      cause?: unknown;
      retryAfterSeconds?: number;
      details?: readonly FaultDetail[];
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.fault = fault;
    this.target = options.target;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }
}
