/**
 * Spans for OpenTelemetry. While tracing is off, as by default, only this file is loaded, and work runs without any
 * span. Names and attributes are fixed by the program: no key, name, token, received text or error message.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface SpanOptions {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Headers of a request that may continue the client's trace (W3C Trace Context). */
  readonly from?: IncomingHttpHeaders;
}

export interface OpenSpan {
  set(attribute: string, value: string | number): void;
  /** Marks the span as failed. @param type An HTTP status or a class of errors. */
  failed(type: string): void;
}

export interface Tracer {
  /** Runs work within a span, which ends when the work returns, or when the promise that it returns settles. */
  span<T>(options: SpanOptions, work: (span: OpenSpan) => T): T;
  /** Returns headers with which another server continues the trace. */
  headers(): Readonly<Record<string, string>>;
  /** Returns the id that the log writes, to find it from a trace; `undefined` outside a span. */
  traceId(): string | undefined;
}

let tracer: Tracer | undefined;

/** Sets the tracer of this process; `undefined` turns tracing off. */
export function traceWith(next: Tracer | undefined): void {
  tracer = next;
}

/** Returns whether tracing is on; call it first where the options of a span are expensive. */
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
