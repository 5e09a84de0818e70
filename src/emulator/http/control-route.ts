/** Defines a route of the control API: method, template, body and handler. */
import type { ControlBody, ControlBodyName } from '../control-bodies.ts';
import type { Scenarios } from '../scenarios.ts';
import type { Emulator } from '../emulator.ts';
import type { RequestRecorder } from './request-recorder.ts';

export interface ControlParts {
  readonly emulator: Emulator;
  readonly scenarios: Scenarios;
  readonly recorder: RequestRecorder;
}

/** A request; its first key is the value of the braces in the template, decoded. */
interface Asked<B> {
  readonly body: B;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** Returns the body of the answer, which a route with status 204 does not send. */
type Handler<B> = (parts: ControlParts, asked: Asked<B>) => unknown;

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/rollcall/dev/`. */
  readonly template: string;
  readonly summary: string;
  /** `text` is unparsed JSON or JSON Lines. */
  readonly body?: ControlBodyName | 'text';
  /** Query options with their descriptions. */
  readonly options?: Readonly<Record<string, string>>;
  readonly status: 200 | 201 | 204;
  readonly answer: Handler<unknown>;
}

export function get(template: string, summary: string, answer: Handler<undefined>): ControlRoute {
  return { method: 'GET', template, summary, status: 200, answer: answer as Handler<unknown> };
}

export function remove(template: string, summary: string, answer: Handler<undefined>): ControlRoute {
  return { method: 'DELETE', template, summary, status: 204, answer: answer as Handler<unknown> };
}

/** Creates a route with a body, which the dispatcher checks against the schema before it calls the handler. */
export function post<Name extends ControlBodyName>(
  template: string,
  summary: string,
  body: Name,
  answer: Handler<ControlBody<Name>>,
  status: ControlRoute['status'] = 201,
): ControlRoute {
  return { method: 'POST', template, summary, body, status, answer: answer as Handler<unknown> };
}
