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
    when: 'A path segment names nothing the service has, or nothing in the cloud it answers as.',
    remedy: 'Correct the segment the message names.',
  },
  badKeyPredicate: {
    code: 'BadRequest',
    when: 'A key predicate does not parse.',
    remedy: "Write `('key')`, a quote inside doubled, or the key as a segment.",
  },
  badQueryOption: {
    code: 'BadRequest',
    when: 'A system query option does not parse, is given twice, or names an unknown property.',
    remedy: 'Correct what the message names.',
  },
  unsupportedOption: {
    code: 'BadRequest',
    when: 'Valid OData that this resource does not offer.',
    remedy: 'Leave the option out; `dev --loose` ignores it with a `Warning`.',
  },
  badSkipToken: {
    code: 'BadRequest',
    when: 'The skip token was changed, is of another collection or tenant, or names a version that is gone.',
    remedy: 'Follow `@odata.nextLink` verbatim; begin again at the first page.',
  },
  tokenMissing: {
    code: 'InvalidAuthenticationToken',
    when: 'There is no bearer token.',
    remedy: 'Send `Authorization: Bearer …`.',
  },
  tokenInvalid: {
    code: 'InvalidAuthenticationToken',
    when: 'The token cannot be read or verified, is not for this service, or is not in force.',
    remedy: "Get a token; compare issuer and audience with the server's `--authority` and `--audience`.",
  },
  permissionMissing: {
    code: 'Forbidden',
    when: "The token is a user's (`scp`), or lacks the application permission.",
    remedy: 'Grant the application `CallRecords.Read.All` and use client credentials.',
  },
  recordMissing: {
    code: 'NotFound',
    when: 'No callRecord of the tenant has this id.',
    remedy: 'Check the id and the tenant of the token.',
  },
  entityMissing: {
    code: 'NotFound',
    when: 'The call exists, but nothing in the collection has this key.',
    remedy: 'List the collection.',
  },
  sessionRefused: {
    code: 'Forbidden',
    when: 'Somebody who signed in to the page asks for more than to read, or from a page of another site.',
    remedy: 'Use the token of an application.',
  },
  subscriptionMissing: {
    code: 'ResourceNotFound',
    when: 'The application has no subscription with this id in the tenant, or it has expired.',
    remedy: 'Subscribe again, and list calls for what was missed.',
  },
  badSubscription: {
    code: 'ValidationError',
    when: 'A property of a subscription is missing or cannot be so; or its endpoint did not answer the validation request with 200, `text/plain` and the decoded token within 10 seconds, or may not be connected to.',
    remedy: 'Correct the property the message names; see docs/notifications.md for what an endpoint must do.',
  },
  subscriptionTooLong: {
    code: 'ExtensionError',
    when: 'A subscription is to last longer than 4,230 minutes.',
    remedy: 'Ask for less, and renew it.',
  },
  subscriptionForbidden: {
    code: 'ExtensionError',
    when: "A subscription is to be changed with a token that is a user's, or lacks the application permission.",
    remedy: 'Grant the application `CallRecords.Read.All` and use client credentials.',
  },
  subscriptionExists: {
    code: 'ObjectIdentifierInUse',
    when: 'The application has a subscription to the same change types of the same resource in the tenant; the message has its id.',
    remedy: 'Change that one with PATCH: `expirationDateTime`, `notificationUrl` or both; or delete it.',
  },
  tooManySubscriptions: {
    code: 'Forbidden',
    when: 'The tenant has 100 subscriptions.',
    remedy: 'Delete one, or wait until one expires.',
  },
  pageMissing: {
    code: 'NotFound',
    when: 'Outside the API, nothing is at this path.',
    remedy: 'The API is below `/v1.0` and `/beta`.',
  },
  dependencyFailed: {
    code: 'FailedDependency',
    when: 'In a batch: a request this one depends on was refused.',
    remedy: 'See the answer of that one.',
  },
  badEmulatorRequest: {
    code: 'BadRequest',
    when: "A request to the emulator's control API has an invalid body, option or step; `details` names each problem with its place.",
    remedy: 'Correct what `details` names; docs/developing.md has the reference.',
  },
  originRefused: {
    code: 'Forbidden',
    when: "A web page sent a request to the emulator's control API (`Origin`, `Sec-Fetch-Site`).",
    remedy: 'Ask from a program: a page must not move the clock.',
  },
  hostRefused: {
    code: 'BadRequest',
    when: "On `dev`: the request names a host that is not the server's, as a web page elsewhere can make its own name lead to this machine.",
    remedy: 'Use `localhost`, or start `dev` with `--allow-host` and the name.',
  },
  conflict: {
    code: 'Conflict',
    when: "The emulator's control API: the call already has this version, with the same members.",
    remedy: 'Give another version, or other members.',
  },
  notEmulated: {
    code: 'NotImplemented',
    when: 'On `dev`: the path is of an area of Microsoft Graph that Rollcall does not emulate; the header `Rollcall-Not-Emulated` names it.',
    remedy: 'Send it to Graph, or to a stub of that area. The answer says nothing about what Graph does.',
  },
  sqliteNeeded: {
    code: 'NotImplemented',
    when: "The emulator's control API: a snapshot or a reset needs a SQLite store.",
    remedy: 'Start `dev` on a SQLite store: `memory:` or `sqlite:PATH`.',
  },
  unsupportedMediaType: {
    code: 'UnsupportedMediaType',
    when: 'The body is of a media type, or in a content coding, that is not read here.',
    remedy: 'Send what the message names, as a rule `application/json`, compressed with gzip or not at all.',
  },
  methodNotAllowed: {
    code: 'Request_BadRequest',
    when: 'The resource does not offer this method; `Allow` says which it does.',
    remedy: 'Use GET or HEAD.',
  },
  rangeTooLong: {
    code: 'NotAcceptable',
    when: 'A log function is called over more than 90 days.',
    remedy: 'Ask for shorter ranges, one after the other.',
  },
  tooManyRequests: {
    code: 'TooManyRequests',
    when: "One of Graph's limits, simulated by `dev --throttle`; or more than 20 endpoint validations of an application failed within a minute.",
    remedy: 'Wait as many seconds as `Retry-After` says.',
  },
  notAcceptable: {
    code: 'NotAcceptable',
    when: 'No representation satisfies `Accept`, `$format` or `Accept-Encoding`.',
    remedy: 'Accept `application/json`.',
  },
  uriTooLong: {
    code: 'BadRequest',
    when: 'The URL is longer than 8,192 characters.',
    remedy: 'Shorten it.',
  },
  headersTooLarge: {
    code: 'BadRequest',
    when: 'Request line and headers are larger than 32 KiB.',
    remedy: 'Send fewer headers.',
  },
  bodyTooLarge: {
    code: 'BadRequest',
    when: 'The request body is larger than the service reads.',
    remedy:
      'The token endpoint reads a form of at most 64 KiB, `$batch` JSON of at most 1 MiB, a subscription of at most 64 KiB, each as sent and as decompressed.',
  },
  requestTimeout: {
    code: 'RequestTimeout',
    when: 'The request did not arrive whole in time.',
    remedy: 'Send it in one go.',
  },
  unavailable: {
    code: 'ServiceUnavailable',
    when: 'The store or the token authority cannot answer, or a part of the call is damaged.',
    remedy: "Try again after `Retry-After`; look at the server's log.",
  },
  internalError: {
    code: 'InternalServerError',
    when: 'A defect in Rollcall.',
    remedy: 'Report it with the log line that has the same `requestId`.',
  },
} as const satisfies Record<string, { code: string; when: string; remedy: string }>;

export type FaultName = keyof typeof faults;

export interface FaultDetail {
  /** Where it is: `steps[3].fault.effect.status`. */
  readonly target: string;
  readonly message: string;
}

/** A refusal, thrown by the layer that finds it and turned into Graph's error envelope by `http/`. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly fault: FaultName;
  /** The part of the request at fault, as the client wrote it: `$select`, `Prefer`, a path segment. */
  readonly target: string | undefined;
  /** When to try again, where that is known. */
  readonly retryAfterSeconds: number | undefined;
  /** Every problem found, each with its place, where there may be several. */
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
