/** A path of the stage: method, template, what body it takes, and what it does. */
import type { Body, BodyName } from '../bodies.ts';
import type { Scenarios } from '../scenarios.ts';
import type { Stage } from '../emulator.ts';
import type { RequestCounts } from './request-counts.ts';

export interface StageParts {
  readonly stage: Stage;
  readonly scenarios: Scenarios;
  readonly counts: RequestCounts;
}

interface Asked<B> {
  readonly body: B;
  /** The values of the braces in the template, decoded. */
  readonly keys: readonly string[];
  readonly query: URLSearchParams;
}

export interface StageAnswer {
  readonly status: 200 | 201 | 204;
  readonly body?: unknown;
}

export interface StageRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/rollcall/dev/`. */
  readonly template: string;
  readonly summary: string;
  /** `text` is JSON or JSON Lines as it came. */
  readonly body?: BodyName | 'text';
  /** Query options, each with what it means. */
  readonly options?: Readonly<Record<string, string>>;
  readonly status: StageAnswer['status'];
  readonly answer: (parts: StageParts, asked: Asked<unknown>) => StageAnswer | Promise<StageAnswer>;
}

/** Ties the type of a body to the schema it is checked by. */
export function withBody<Name extends BodyName>(
  body: Name,
  route: Omit<StageRoute, 'answer' | 'body'> & {
    answer: (parts: StageParts, asked: Asked<Body<Name>>) => StageAnswer | Promise<StageAnswer>;
  },
): StageRoute {
  // The paths check a body by the schema that the route names before they ask for an answer.
  return { ...route, body, answer: (parts, asked) => route.answer(parts, asked as Asked<Body<Name>>) };
}
