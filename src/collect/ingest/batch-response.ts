/** Reads saved responses of `$batch`: each body is read as if it were a separate response. */
import { isUtf8 } from 'node:buffer';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import type { Received } from './received.ts';
import type { Refused } from './refused.ts';

/**
 * Reads one response of a batch.
 *
 * @param response An element of `responses`.
 * @param readBody Reads the body of a successful response.
 */
export function* readBatch(
  response: Buffer,
  readBody: (body: Buffer) => Iterable<Received>,
): Generator<Received> {
  const scanner = new Scanner(response);
  const collected: MemberText[] = [];
  if (scanner.peek() !== 0x7b)
    throw new TextError('A response of the batch is not a JSON object.', 'notWanted');
  scanner.object(undefined, collected);
  const named = (name: string) => collected.find((member) => member.name === name);
  const textOf = (name: string) => {
    const member = named(name);
    return member && response.toString('utf8', member.valueStart, member.end).replaceAll('"', '');
  };
  const id = textOf('id') ?? '';
  const which = `The response ${/^[\w.-]{1,40}$/.test(id) ? id : 'without a usable id'} of the batch`;
  const refused = (reason: string, next: string): { rejected: Refused } => ({
    rejected: { reason: `${which} ${reason}`, next, isSingle: true },
  });
  const body = named('body');
  if (body === undefined && named('status') === undefined && named('version') !== undefined) {
    yield* readBody(response); // a record in place of a response
    return;
  }
  const status = Number(textOf('status'));
  if (!(status >= 200 && status < 300)) {
    const again = 'Request it again and import the response.';
    yield refused(Number.isInteger(status) ? `is ${status}.` : 'has no status.', again);
    return;
  }
  if (body === undefined || response[body.valueStart] === 0x6e) return; // 204 and similar responses have no object
  if (response[body.valueStart] === 0x7b) {
    yield* readBody(response.subarray(body.valueStart, body.end));
    return;
  }
  const text = jsonIn(stringMember(response, collected, 'body') ?? '');
  if (text === undefined)
    yield refused('has a body that is not JSON.', 'Request the record itself, not its text or media.');
  else yield* readBody(text);
}

/**
 * Decodes a body that is JSON in a string or in Base64, which servers use for bodies that they do not recognize as
 * JSON.
 */
function jsonIn(body: string): Buffer | undefined {
  const text = Buffer.from(body);
  if (/^\ufeff?\s*\{/.test(body)) return body.startsWith('\ufeff') ? text.subarray(3) : text;
  const decoded = Buffer.from(body, 'base64');
  return isUtf8(decoded) && /^(?:\xef\xbb\xbf)?\s*\{/.test(decoded.toString('latin1', 0, 64))
    ? decoded.subarray(decoded[0] === 0xef ? 3 : 0)
    : undefined;
}
