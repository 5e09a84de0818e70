/** One line a path of the stage: method, template, what body it takes, and what it does. */
import { Fault } from '../../faults.ts';
import type { Body, BodyName } from '../../stage/bodies.ts';
import { durationMs } from '../../stage/duration.ts';
import type { Stage } from '../../stage/stage.ts';
import type { RequestCounts } from './request-counts.ts';

export interface StageParts {
  readonly stage: Stage;
  readonly counts: RequestCounts;
}

export interface Asked<B> {
  readonly body: B;
  /** The values of the braces in the template, decoded. */
  readonly keys: readonly string[];
}

export interface StageAnswer {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: unknown;
}

export interface StageRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/rollcall/dev/`. */
  readonly template: string;
  readonly summary: string;
  readonly body?: BodyName;
  readonly answer: (parts: StageParts, asked: Asked<unknown>) => StageAnswer | Promise<StageAnswer>;
}

export const stageRoutes: readonly StageRoute[] = [
  {
    method: 'GET',
    template: 'clock',
    summary: 'Where the clock stands, and who waits for it',
    answer: (parts) => clockAnswer(parts),
  },
  withBody('clock', {
    method: 'POST',
    template: 'clock',
    summary: 'Moves the clock on; answers when all that was due on the way is done',
    async answer(parts, { body: { advance, to } }) {
      const { clock } = parts.stage;
      const ms = advance === undefined ? Date.parse(to ?? '') - clock.now().getTime() : durationMs(advance);
      if (ms < 0)
        throw new Fault(
          'badStage',
          `to: the clock stands at ${clock.now().toISOString()} and is moved on, not back.`,
        );
      await clock.advance(ms);
      return clockAnswer(parts);
    },
  }),
  {
    method: 'GET',
    template: 'faults',
    summary: 'The scripted faults, and how often each was met',
    answer: ({ stage }) => ({ status: 200, body: { value: stage.faults.list() } }),
  },
  withBody('faults', {
    method: 'POST',
    template: 'faults',
    summary: 'Adds a fault, or several',
    answer({ stage }, { body }) {
      const rules = Array.isArray(body) ? body : [body];
      return { status: 201, body: { value: rules.map((rule) => stage.faults.add(rule)) } };
    },
  }),
  {
    method: 'DELETE',
    template: 'faults',
    summary: 'Takes all faults away',
    answer({ stage }) {
      stage.faults.clear();
      return { status: 204 };
    },
  },
  {
    method: 'DELETE',
    template: 'faults/{id}',
    summary: 'Takes one fault away',
    answer({ stage }, { keys: [id = ''] }) {
      if (!stage.faults.remove(id))
        throw new Fault('pageMissing', `There is no fault '${id}'. GET faults lists them.`);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    template: 'requests',
    summary: "How often each endpoint was asked, and how near that came to Graph's limits",
    answer: ({ counts }) => ({ status: 200, body: counts.report() }),
  },
  {
    method: 'DELETE',
    template: 'requests',
    summary: 'Counts from nothing again',
    answer({ counts }) {
      counts.clear();
      return { status: 204 };
    },
  },
];

function clockAnswer({ stage: { clock } }: StageParts): StageAnswer {
  const { count, nextMs } = clock.waiting();
  return {
    status: 200,
    body: {
      now: clock.now().toISOString(),
      running: clock.isRunning,
      waiting: { count, nextMs: nextMs ?? null },
    },
  };
}

/** Ties the type of a body to the schema it is checked by. */
function withBody<Name extends BodyName>(
  body: Name,
  route: Omit<StageRoute, 'answer' | 'body'> & {
    answer: (parts: StageParts, asked: Asked<Body<Name>>) => StageAnswer | Promise<StageAnswer>;
  },
): StageRoute {
  // The paths check a body by the schema that the route names before they ask for an answer.
  return { ...route, body, answer: (parts, asked) => route.answer(parts, asked as Asked<Body<Name>>) };
}
