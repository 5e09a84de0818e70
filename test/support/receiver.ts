/** Starts a webhook whose responses the test defines. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

interface ReceivedPost {
  /** The path and query as received. */
  readonly target: string;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly response: ServerResponse;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** All POST requests except validations, in order. */
  readonly posts: readonly ReceivedPost[];
  /** Validation requests, in order. */
  readonly validations: readonly ReceivedPost[];
  /** Returns the notifications of the posts, in order. */
  notifications(): Notification[];
  /** Resolves after this many posts in total. */
  arrived(count: number): Promise<void>;
}

interface Notification {
  readonly subscriptionId: string;
  readonly clientState: string | null;
  readonly tenantId: string;
  readonly subscriptionExpirationDateTime: string;
  readonly changeType?: string;
  readonly resource?: string;
  readonly resourceData?: Readonly<Record<string, string>>;
  readonly lifecycleEvent?: string;
}

export interface ReceiverOptions {
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Answers a notification; with 202 when absent. */
  readonly answer?: (post: ReceivedPost) => void;
  /** Answers a validation request; correctly when absent. */
  readonly validate?: (post: ReceivedPost) => void;
}

export function tokenOf({ target }: Pick<ReceivedPost, 'target'>): string {
  return new URL(target, 'http://receiver').searchParams.get('validationToken') ?? '';
}

export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const {
    answer = ({ response }: ReceivedPost) => void response.writeHead(202).end(),
    validate = (post: ReceivedPost) =>
      void post.response.writeHead(200, { 'Content-Type': 'text/plain' }).end(tokenOf(post)),
  } = options;
  const posts: ReceivedPost[] = [];
  const validations: ReceivedPost[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const post = {
        target: request.url ?? '',
        contentType: request.headers['content-type'],
        body: Buffer.concat(pieces).toString(),
        response,
      };
      if (tokenOf(post) !== '') {
        validations.push(post);
        validate(post);
        return;
      }
      posts.push(post);
      answer(post);
      for (const { count, resolve } of waiting) if (posts.length >= count) resolve();
      waiting = waiting.filter(({ count }) => posts.length < count);
    });
  };
  const server = options.tls ? createHttpsServer(options.tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    posts,
    validations,
    notifications: () => posts.flatMap(({ body }) => (JSON.parse(body) as { value: Notification[] }).value),
    arrived: (count) =>
      new Promise((resolve) => {
        if (posts.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
