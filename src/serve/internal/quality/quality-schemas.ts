/** Describes the answers about media quality for the OpenAPI document. */
import { verdictNames } from '../../../contract/quality-words.ts';
import {
  closed,
  listOf,
  orNone,
  reference,
  type Schema,
  text,
  textOrNone,
  whole,
  yesOrNo,
} from '../../openapi/schemas.ts';

const verdict = { enum: Object.keys(verdictNames) };
const streamVerdict = { enum: ['good', 'poor', 'unclassified'] };
const direction = { enum: ['sent', 'received', 'unknown'] };
const counts = closed({ good: whole, poor: whole, unclassified: whole });
const number = { type: ['number', 'null'] };
/** Members as received: odd data may have any. */
const received: Schema = { type: 'object', additionalProperties: true };

const person = { index: whole, name: text, verdict, sentence: text, rating: textOrNone, streams: counts };
const way = closed({ verdict, sentence: textOrNone, streams: counts });

export const qualitySchemas = {
  callQuality: {
    oneOf: ['callQualityPeople', 'callQualityPerson', 'callQualityStreams'].map((name) =>
      reference('schemas', name),
    ),
  },
  callQualityPeople: closed({
    people: listOf(closed({ ...person, sentVerdict: verdict, receivedVerdict: verdict })),
    counts: closed({
      ...{ people: whole, poor: whole, good: whole, unclassified: whole, noMedia: whole },
      rated: whole,
    }),
    isAll: yesOrNo,
  }),
  callQualityPerson: closed({
    ...person,
    sent: way,
    received: way,
    decidedBy: orNone(
      closed({
        ...{ metric: text, value: number, threshold: number, label: text },
        ...{ direction, streamId: textOrNone },
      }),
    ),
    clients: listOf(received),
    devices: listOf(
      closed({
        media: { enum: ['audio', 'video', 'screenSharing', null] },
        label: textOrNone,
        values: received,
      }),
    ),
    networks: listOf(closed({ labels: listOf(text), vpn: textOrNone, values: received })),
    feedback: listOf(closed({ rating: textOrNone, text: textOrNone, problems: listOf(text) })),
    streamList: listOf(
      closed({
        ...{ direction, label: textOrNone, with: text, verdict: streamVerdict },
        ...{ beyond: listOf(text), values: received },
      }),
    ),
    isAll: yesOrNo,
  }),
  callQualityStreams: closed({
    streams: listOf(
      closed({
        ...{ label: text, from: text, to: text, hasDirection: yesOrNo, verdict: streamVerdict },
        metrics: { type: 'object', additionalProperties: { type: 'number' } },
        beyond: listOf(text),
      }),
    ),
    counts,
    isAll: yesOrNo,
  }),
};
