/**
 * Every way a request can be refused. `code` is what the client sees in the error envelope; the status lives in
 * `http/error-response.ts`, so layers below `http/` know no status.
 */
export const faults = {
  malformedRequest: {
    code: 'BadRequest',
    when: 'The request line, a header or the URL cannot be understood.',
  },
  unknownSegment: { code: 'BadRequest', when: 'A path segment names nothing the service has.' },
  badKeyPredicate: { code: 'BadRequest', when: 'A key predicate does not parse.' },
  badQueryOption: {
    code: 'BadRequest',
    when: 'A system query option does not parse, or names an unknown property.',
  },
  unsupportedOption: {
    code: 'BadRequest',
    when: 'The option is valid OData that this resource does not offer.',
  },
  badSkipToken: {
    code: 'BadRequest',
    when: 'The skip token was not issued for this collection, was changed, or names a version that is gone.',
  },
  tokenMissing: { code: 'InvalidAuthenticationToken', when: 'There is no bearer token.' },
  tokenInvalid: {
    code: 'InvalidAuthenticationToken',
    when: 'The bearer token cannot be read, verified or is not in force.',
  },
  permissionMissing: {
    code: 'Forbidden',
    when: 'The token is genuine but is delegated, or lacks the application permission.',
  },
  sessionRefused: {
    code: 'Forbidden',
    when: 'Somebody who signed in to the page asks for more than to read, or from a page of another site.',
  },
  recordMissing: { code: 'NotFound', when: 'No callRecord has this id, or the caller may not see it.' },
  entityMissing: { code: 'NotFound', when: 'The call exists, but nothing in the collection has this key.' },
  subscriptionMissing: {
    code: 'ResourceNotFound',
    when: 'The application has no subscription with this id, or it has expired.',
  },
  badSubscription: {
    code: 'ValidationError',
    when: 'A property of a subscription is missing or cannot be so, or its endpoint did not answer as it must.',
  },
  subscriptionTooLong: {
    code: 'ExtensionError',
    when: 'A subscription is to last longer than one to call records may.',
  },
  subscriptionForbidden: {
    code: 'ExtensionError',
    when: 'The token is genuine but is delegated, or lacks the permission to read what is subscribed to.',
  },
  tooManySubscriptions: { code: 'Forbidden', when: 'The tenant has as many subscriptions as it may have.' },
  pageMissing: { code: 'NotFound', when: 'Outside the API, nothing is at this path.' },
  dependencyFailed: { code: 'FailedDependency', when: 'A request of a batch depends on one that failed.' },
  badStage: {
    code: 'BadRequest',
    when: 'On the stage of `dev`: a body, an option or a step is not one that it plays.',
  },
  originRefused: { code: 'Forbidden', when: 'On the stage of `dev`: the request comes from a web page.' },
  conflict: { code: 'Conflict', when: 'On the stage of `dev`: the name is taken.' },
  unsupportedMediaType: {
    code: 'UnsupportedMediaType',
    when: 'The body is of a media type that is not read here.',
  },
  methodNotAllowed: { code: 'Request_BadRequest', when: 'The resource does not offer this HTTP method.' },
  rangeTooLong: { code: 'NotAcceptable', when: 'A log is asked for over more days than it gives at once.' },
  tooManyRequests: {
    code: 'TooManyRequests',
    when: 'A limit of Graph on requests is simulated, and reached.',
  },
  notAcceptable: { code: 'NotAcceptable', when: 'No offered representation satisfies Accept.' },
  uriTooLong: { code: 'BadRequest', when: 'The URL is longer than the service reads.' },
  headersTooLarge: { code: 'BadRequest', when: 'The request headers are larger than the service reads.' },
  bodyTooLarge: { code: 'BadRequest', when: 'The request body is larger than the service reads.' },
  requestTimeout: { code: 'RequestTimeout', when: 'The request did not arrive whole in time.' },
  unavailable: { code: 'ServiceUnavailable', when: 'The store cannot answer at the moment.' },
  internalError: {
    code: 'InternalServerError',
    when: 'A defect in Rollcall; the log has it under the request-id.',
  },
} as const satisfies Record<string, { code: string; when: string }>;

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
