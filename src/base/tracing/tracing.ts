/**
 * Spans of what is done, for OpenTelemetry. While nothing is traced, as by default, this file is all there is of it:
 * the work is done and nothing else. Names and attributes are words of the program: no key, name, token or text of
 * anybody's, and no message of an error.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface SpanOptions {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Headers of a request that may continue a trace of the client's (W3C Trace Context). */
  readonly from?: IncomingHttpHeaders;
}

export interface OpenSpan {
  set(attribute: string, value: string | number): void;
  /** @param type A word: a status, a class of errors. */
  failed(type: string): void;
}

export interface Tracer {
  /** Does the work within a span, which ends with it, or with the promise it returns. */
  span<T>(options: SpanOptions, work: (span: OpenSpan) => T): T;
  /** Headers by which another server goes on with the trace. */
  headers(): Readonly<Record<string, string>>;
  /** By which the log is found from the trace; `undefined` outside of any. */
  traceId(): string | undefined;
}

let tracer: Tracer | undefined;

/** Traces from here on; `undefined` ends it. */
export function traceWith(next: Tracer | undefined): void {
  tracer = next;
}

/** Asked first where not even the options of a span are to be made. */
export function isTracing(): boolean {
  return tracer !== undefined;
}

export function inSpan<T>(options: SpanOptions, work: (span: OpenSpan | undefined) => T): T {
  return tracer === undefined ? work(undefined) : tracer.span(options, work);
}

export function traceHeaders(): Readonly<Record<string, string>> {
  return tracer?.headers() ?? {};
}

export function traceId(): string | undefined {
  return tracer?.traceId();
}
