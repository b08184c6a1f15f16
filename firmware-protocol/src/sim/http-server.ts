import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { doorProblem, sendProblem } from './http-problem.ts';
import { contentSecurityPolicy, readPageFile } from './page-files.ts';
import type { PageFiles } from './page-files.ts';
import { StateWatchers } from './state-watchers.ts';
import type { Watchable } from './state-watchers.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const LOCAL_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/** Simulated hardware that a page can show. */
export interface Station extends Watchable {
  /** What is wrong with its line at this moment. */
  readonly faults: unknown;
}

/** Something that can happen at the hardware. Answers 200 with the state right after it. */
export type StationRoute<S extends Station> = (station: S, request: IncomingMessage) => Promise<unknown>;

export interface StationHttpOptions<S extends Station> {
  readonly station: S;
  /** By the address that takes the POST. */
  readonly routes: Readonly<Record<string, StationRoute<S>>>;
  readonly page: PageFiles;
  /** On 127.0.0.1; 0 lets the system pick. */
  readonly port: number;
  /** Origins that may show the page in a frame. */
  readonly frameAncestors: readonly string[];
}

/** Control page and interface of simulated hardware. Only this machine may ask, and no other site's page. */
export class StationHttpServer<S extends Station> {
  readonly #options: StationHttpOptions<S>;
  readonly #server: Server;
  readonly #policy: string;
  readonly #watchers: StateWatchers;

  constructor(options: StationHttpOptions<S>) {
    this.#options = options;
    this.#watchers = new StateWatchers(options.station);
    this.#policy = contentSecurityPolicy(options.frameAncestors);
    this.#server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => this.#refuse(response, error));
    });
  }

  /** Resolves with the port; rejects when it is taken. */
  async start(): Promise<number> {
    this.#server.listen(this.#options.port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Idempotent. Watching pages are cut off. */
  async stop(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', this.#policy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cache-control', 'no-store');
    requireLocal(request);
    const { station, routes } = this.#options;
    const path = new URL(request.url ?? '/', 'http://door').pathname;
    const act = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (act !== undefined) {
      requireMethod(request, response, ['POST']);
      await act(station, request);
      sendJson(response, { ...station.state(), faults: station.faults });
      return;
    }
    await this.#answerGet(path, request, response);
  }

  async #answerGet(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = await readPageFile(this.#options.page, path);
    if (file === undefined && path !== '/state' && path !== '/events') {
      throw doorProblem('not-found', 'The door has no such address.');
    }
    requireMethod(request, response, ['GET', 'HEAD']);
    if (file !== undefined) {
      response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length });
      response.end(request.method === 'HEAD' ? undefined : file.bytes);
    } else if (path === '/events') {
      this.#watchers.add(response);
    } else {
      sendJson(response, this.#options.station.state());
    }
  }

  #refuse(response: ServerResponse, error: unknown): void {
    if (response.headersSent) {
      response.destroy();
    } else {
      sendProblem(response, error);
    }
  }
}

/** A name that merely resolves to this machine is refused: that is how foreign pages reach local programs. */
function requireLocal({ headers }: IncomingMessage): void {
  if (headers.host === undefined || !LOCAL_HOST.test(headers.host)) {
    throw doorProblem('host-forbidden', 'The door is only for this machine: use 127.0.0.1 or localhost.');
  }
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    throw doorProblem('origin-forbidden', 'Another page may not work this door.');
  }
}

function requireMethod(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): void {
  if (!methods.includes(request.method ?? '')) {
    response.setHeader('allow', methods.join(', '));
    throw doorProblem('method-not-allowed', `This address takes ${methods.join(' and ')}.`);
  }
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
