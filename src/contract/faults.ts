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
    when: 'A path segment is not one of the API, or is not available in the cloud that the server emulates.',
    remedy: 'Correct the segment that the message names.',
  },
  badKeyPredicate: {
    code: 'BadRequest',
    when: 'A key predicate does not parse.',
    remedy: "Write `('key')` and double each quote in the key, or write the key as a segment.",
  },
  badQueryOption: {
    code: 'BadRequest',
    when: 'A system query option does not parse, is repeated, or names an unknown property.',
    remedy: 'Correct the option that the message names.',
  },
  unsupportedOption: {
    code: 'BadRequest',
    when: 'The option is valid OData that this resource does not support.',
    remedy: 'Leave the option out; `dev --loose` ignores it with a `Warning`.',
  },
  badSkipToken: {
    code: 'BadRequest',
    when: 'The skip token was changed, belongs to another collection or tenant, or names a version that was deleted.',
    remedy: 'Request the first page again, and follow each `@odata.nextLink` unchanged.',
  },
  tokenMissing: {
    code: 'InvalidAuthenticationToken',
    when: 'The request has no bearer token.',
    remedy: 'Send `Authorization: Bearer …`.',
  },
  tokenInvalid: {
    code: 'InvalidAuthenticationToken',
    when: 'The token is malformed, its signature is invalid, its audience is another service, or it is expired or not yet valid.',
    remedy:
      "Get a new token; compare its issuer and audience with the server's `--authority` and `--audience`.",
  },
  permissionMissing: {
    code: 'Forbidden',
    when: 'The token is a delegated one (`scp`), or does not have the application permission.',
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
    remedy: 'List the collection to see its keys.',
  },
  sessionRefused: {
    code: 'Forbidden',
    when: 'A user who signed in to the page sends a request that is not a read, or sends it from another site.',
    remedy: 'Use the token of an application.',
  },
  subscriptionMissing: {
    code: 'ResourceNotFound',
    when: 'The application has no subscription with this id in the tenant, or the subscription has expired.',
    remedy: 'Subscribe again, and list the calls that changed meanwhile.',
  },
  badSubscription: {
    code: 'ValidationError',
    when: 'A property of a subscription is missing or invalid; or its endpoint did not answer the validation request with 200, `text/plain` and the decoded token within 10 seconds; or connections to its address are not allowed.',
    remedy:
      'Correct the property that the message names; docs/notifications.md says what an endpoint must do.',
  },
  subscriptionTooLong: {
    code: 'ExtensionError',
    when: 'The expiration of a subscription is more than 4,230 minutes in the future.',
    remedy: 'Set an earlier expiration and renew the subscription.',
  },
  subscriptionForbidden: {
    code: 'ExtensionError',
    when: 'A request to change subscriptions has a delegated token, or one without the application permission.',
    remedy: 'Grant the application `CallRecords.Read.All` and use client credentials.',
  },
  subscriptionExists: {
    code: 'ObjectIdentifierInUse',
    when: 'The application has a subscription to the same changes of the same resource; the message has its id.',
    remedy:
      'Update that subscription with PATCH (`expirationDateTime`, `notificationUrl` or both), or delete it.',
  },
  tooManySubscriptions: {
    code: 'Forbidden',
    when: 'The tenant has 100 subscriptions.',
    remedy: 'Delete one, or wait until one expires.',
  },
  pageMissing: {
    code: 'NotFound',
    when: 'The path is outside the API, and the server has no page there.',
    remedy: 'Use a path under `/v1.0` or `/beta`.',
  },
  dependencyFailed: {
    code: 'FailedDependency',
    when: 'In a batch: a request that this one depends on failed.',
    remedy: 'Read the response to that request.',
  },
  badEmulatorRequest: {
    code: 'BadRequest',
    when: "A request to the emulator's control API has an invalid body, option or step; `details` lists each problem and where it is.",
    remedy: 'Correct each problem in `details`; docs/developing.md has the reference.',
  },
  originRefused: {
    code: 'Forbidden',
    when: 'A web page sent a request to the control API.',
    remedy: 'Send the request from a program: a web page must not move the clock.',
  },
  hostRefused: {
    code: 'BadRequest',
    when: "On `dev`: the request has a host name that is not the server's. This guards against DNS rebinding by web pages.",
    remedy: 'Use `localhost`, or start `dev` with `--allow-host NAME`.',
  },
  conflict: {
    code: 'Conflict',
    when: 'The control API: the call already has this version, with the same members.',
    remedy: 'Send another version, or other members.',
  },
  notEmulated: {
    code: 'NotImplemented',
    when: 'On `dev`: the path belongs to an area of Microsoft Graph that Rollcall does not emulate; the header `Rollcall-Not-Emulated` names the area.',
    remedy:
      'Send the request to Graph, or to a stub of that area. The response does not show what Graph does.',
  },
  sqliteNeeded: {
    code: 'NotImplemented',
    when: 'The control API: a snapshot or a reset needs a SQLite store.',
    remedy: 'Start `dev` on a SQLite store: `memory:` or `sqlite:PATH`.',
  },
  unsupportedMediaType: {
    code: 'UnsupportedMediaType',
    when: 'The media type or the content coding of the body is not supported here.',
    remedy:
      'Send the type that the message names, usually `application/json`, with gzip or without compression.',
  },
  methodNotAllowed: {
    code: 'Request_BadRequest',
    when: 'The resource does not support this method; `Allow` lists the methods that it supports.',
    remedy: 'Use a method in `Allow`.',
  },
  rangeTooLong: {
    code: 'NotAcceptable',
    when: 'The range of a log function is longer than 90 days.',
    remedy: 'Request several shorter ranges.',
  },
  tooManyRequests: {
    code: 'TooManyRequests',
    when: 'The request exceeds a limit of Graph that `dev --throttle` simulates; or more than 20 endpoint validations of the application failed within a minute.',
    remedy: 'Wait for the seconds in `Retry-After`, then retry.',
  },
  notAcceptable: {
    code: 'NotAcceptable',
    when: 'The server has no representation that `Accept`, `$format` and `Accept-Encoding` allow.',
    remedy: 'Send `Accept: application/json`.',
  },
  uriTooLong: {
    code: 'BadRequest',
    when: 'The URL is longer than 8,192 characters.',
    remedy: 'Shorten the URL, for example its `$filter`.',
  },
  headersTooLarge: {
    code: 'BadRequest',
    when: 'The request line and headers are larger than 32 KiB.',
    remedy: 'Send fewer or shorter headers.',
  },
  bodyTooLarge: {
    code: 'BadRequest',
    when: 'The request body is larger than the limit of the endpoint.',
    remedy:
      'Send at most 64 KiB to the token endpoint, 1 MiB to `$batch` and 64 KiB for a subscription, both compressed and decompressed.',
  },
  requestTimeout: {
    code: 'RequestTimeout',
    when: 'The request was not complete in time.',
    remedy: 'Send the request again without pauses.',
  },
  unavailable: {
    code: 'ServiceUnavailable',
    when: 'The store or the token authority does not respond, or a part of the call is damaged in the store.',
    remedy: "Retry after `Retry-After`; the server's log has the cause.",
  },
  internalError: {
    code: 'InternalServerError',
    when: 'Rollcall has a defect.',
    remedy: 'Report the defect with the log line that has the same `requestId`.',
  },
} as const satisfies Record<string, { code: string; when: string; remedy: string }>;

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
  /** When to retry, where that is known. */
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
