import type { Clock } from '@gatecast/firmware-protocol';
import type { AddressOf } from '@gatecast/firmware-protocol/node';
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { actorOf, requireScope, type Authenticate, type Principal, type Right } from './auth.ts';
import { problem } from './contract.ts';
import type { Store } from './db/store.ts';
import { problemOf, refusal } from './errors.ts';
import { callOf, type Call, type HashRequest } from './idempotency.ts';
import { hitABug, type Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

const bodyBytesDefault = 256 * 1024;
const idempotencyKeyShape = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/** What a handler gets: everything checked, nothing of the framework but the raw request, for streams. */
interface Input<W extends Principal, P, Q, B> {
  readonly who: W;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** For `once`: the caller's idempotency key, if it sent one. */
  readonly call: Call;
  /** The caller's network address, for brakes; undefined where no socket says it. Never logged; stored as it is of terminals alone, which are no persons. */
  readonly address: string | undefined;
  readonly request: Request;
}

interface Endpoint<
  W extends Principal,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options';
  /** `/v1/communities/:id/residents` */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly right: Right<W>;
  readonly params?: P;
  readonly query?: Q;
  /** JSON body. Leave it out for none, or to read `request.body` yourself (then set `bodyBytesMax`). */
  readonly body?: B;
  /** For the reference only: the form of a JSON body that the handler reads and checks itself. */
  readonly bodyForm?: z.ZodType;
  /** JSON answer; what the schema does not name never leaves. Leave it out when the handler returns a Response or nothing (204). */
  readonly reply?: R;
  /** Default 200, or 201 for a POST. */
  readonly status?: ContentfulStatusCode;
  readonly bodyBytesMax?: number;
}

/** What the handler gives back: the answer's value, or a whole Response. */
type Handler<
  W extends Principal,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> = (input: Input<W, z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<R> | Response | void>;

export interface Api {
  /** Adds a route. Its right is part of its type: there is no route without one. */
  route<
    W extends Principal,
    P extends z.ZodType = z.ZodUnknown,
    Q extends z.ZodType = z.ZodUnknown,
    B extends z.ZodType = z.ZodUnknown,
    R extends z.ZodType = z.ZodUnknown,
  >(
    endpoint: Endpoint<W, P, Q, B, R>,
    handler: Handler<W, P, Q, B, R>,
  ): void;
  readonly app: OpenAPIHono<ApiEnv>;
  /** Every route with the text of its right, for the reference and for the test that walks them. */
  readonly routes: readonly RouteRight[];
}

interface RouteRight {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly right: string;
  readonly open: boolean;
  readonly keyed: boolean;
}

/** What the HTTP server knows of a request's connection; a test that calls without a socket knows nothing. */
export interface ServerBindings {
  readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } };
}

export interface ApiEnv {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- Hono wants an index signature
  Variables: { who: Principal; code: string | undefined };
  Bindings: ServerBindings;
}

export interface ApiParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly authenticate: Authenticate;
  readonly hashRequest: HashRequest;
  /** What the peer's address and `x-forwarded-for` say about where a request comes from. */
  readonly addressOf: AddressOf;
}

/** The HTTP side of the program: parsing, rights, problem details, one log event a request, and the OpenAPI registry. */
export function createApi(parts: ApiParts): Api {
  const app = new OpenAPIHono<ApiEnv>();
  const routes: RouteRight[] = [];
  app.use(secureHeaders({ crossOriginResourcePolicy: false, xFrameOptions: false }));
  app.use('/v1/*', (c, next) => observe(parts, c, next));
  app.onError((error, c) => problemResponse(parts.log, error, c));
  app.notFound((c) => problemResponse(parts.log, refusal('not-found', 'there is nothing at this address'), c));

  return {
    app,
    routes,
    route(endpoint, handler) {
      const { method, path, tag, right } = endpoint;
      routes.push({ method, path, tag, right: right.text, open: right.open, keyed: right.keyed });
      app.openAPIRegistry.registerPath(describe(endpoint));
      const maxSize = endpoint.bodyBytesMax ?? bodyBytesDefault;
      const within = bodyLimit({
        maxSize,
        onError: () => {
          throw refusal('body-too-large', `the body may have at most ${maxSize} bytes`);
        },
      });
      const limit: MiddlewareHandler = (c, next) => {
        // A body of unknown length would be gathered in memory before anybody has asked who sends it.
        if (maxSize > bodyBytesDefault && c.req.raw.headers.has('transfer-encoding')) {
          throw refusal('length-required', 'say how long the body is');
        }
        return within(c, next);
      };
      app.on(method.toUpperCase(), path, limit, async (c) => {
        const who = right.admit(await principalOf(c, parts.authenticate));
        c.set('who', who);
        requireScope(who, endpoint);
        const input = await read(endpoint, who, c, parts);
        await right.scope(parts.store.read, who, { params: c.req.param(), query: c.req.query(), body: input.body });
        return answer(endpoint, c, await handler(input));
      });
    },
  };
}

async function principalOf(c: Context<ApiEnv>, authenticate: Authenticate): Promise<Principal> {
  const header = c.req.header('authorization');
  if (header === undefined) return { kind: 'anonymous' };
  const bearer = /^Bearer ([\x21-\x7e]{1,4096})$/.exec(header)?.[1];
  const who = bearer === undefined ? undefined : await authenticate(bearer);
  if (!who) throw refusal('unauthenticated', 'this session or token is not valid (any more)');
  return who;
}

/** An endpoint where only its schemas and texts matter. */
type AnyEndpoint = Omit<Endpoint<Principal, z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'right'> & {
  readonly right: Pick<Right<Principal>, 'text' | 'open'>;
};

async function read<W extends Principal, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  endpoint: Pick<Endpoint<W, P, Q, B, z.ZodType>, 'params' | 'query' | 'body'>,
  who: W,
  c: Context<ApiEnv>,
  { hashRequest, addressOf }: ApiParts,
) {
  const bodyText = endpoint.body ? await c.req.text() : '';
  const key = c.req.header('idempotency-key');
  if (key !== undefined) idempotencyKeyShape.parse(key);
  const { pathname, search } = new URL(c.req.url);
  if (search.includes('%00') || (bodyText.includes(String.raw`\u0000`) && nul.test(bodyText)))
    throw refusal('invalid-request', 'a text may hold no NUL character');
  const request = { method: c.req.method, target: `${pathname}${search}`, bodyText };
  return {
    who,
    params: parse(endpoint.params, c.req.param()),
    query: parse(endpoint.query, c.req.query()),
    body: parse(endpoint.body, endpoint.body ? jsonOf(bodyText) : undefined),
    call: await callOf(who, key, request, hashRequest),
    address: addressOf(peerOf(c), c.req.header('x-forwarded-for')),
    request: c.req.raw,
  };
}

/** Hono types the bindings as always there; without a server there are none. */
const peerOf = (c: Context<ApiEnv>): string | undefined =>
  (c.env as ServerBindings | undefined)?.incoming?.socket.remoteAddress;

/** Without a schema nothing is promised about the value, and its type says `unknown`. */
function parse<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S> {
  return schema ? schema.parse(value) : (value as z.output<S>);
}

/** The one character that PostgreSQL's texts cannot hold, as JSON may write it. */
const nul = /(?<!\\)(?:\\\\)*\\u0000/;

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw refusal('invalid-request', 'the body is not JSON');
  }
}

function answer(endpoint: AnyEndpoint, c: Context, value: unknown): Response {
  if (value instanceof Response) return value;
  const status = endpoint.status ?? (endpoint.method === 'post' ? 201 : 200);
  if (!endpoint.reply) return c.body(null, status === 202 ? 202 : 204);
  const checked = endpoint.reply.safeParse(value);
  if (!checked.success) throw new Error(`the answer of ${endpoint.path} is not as described`, { cause: checked.error });
  c.header('cache-control', 'no-store');
  return c.json(checked.data as object, status);
}

/** One wide event a request. Paths hold ids only, and none of residents; query strings and bodies are not logged. */
async function observe(parts: ApiParts, c: Context<ApiEnv>, next: () => Promise<void>): Promise<void> {
  const startedAt = parts.clock.mono();
  await next();
  const ms = parts.clock.mono() - startedAt;
  const route = c.req.routePath;
  parts.metrics.request(c.req.method, route, c.res.status, ms);
  const who = c.get('who') as Principal | undefined;
  const event = {
    method: c.req.method,
    route,
    path: unnamed(c.req.path),
    status: c.res.status,
    code: c.get('code'),
    ms: Math.round(ms * 10) / 10,
    actor: who ? actorOf(who) : undefined,
  };
  if (c.res.status >= 500) parts.log.error(event, 'request');
  else parts.log.info(event, 'request');
}

/** Whom a request was about is not for those who read logs. */
const unnamed = (path: string): string => path.replace(/resi_[0-9a-z]+/g, 'resi_…');

function problemResponse(log: Logger, error: unknown, c: Context<ApiEnv>): Response {
  const shown = problemOf(error);
  if (shown.code === 'internal') log.error({ err: error, path: unnamed(c.req.path) }, hitABug);
  c.set('code', shown.code);
  const { retryAfterSeconds, size } = shown;
  // How long the file is of which a part was asked that it has not (RFC 9110 section 15.5.17).
  if (shown.code === 'range-not-satisfiable' && typeof size === 'number') c.header('content-range', `bytes */${size}`);
  if (typeof retryAfterSeconds === 'number') c.header('retry-after', String(retryAfterSeconds));
  return c.json(shown, shown.status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
}

function describe(endpoint: AnyEndpoint): RouteConfig {
  const { method, path, summary, tag, right, params, query, body, bodyForm = body, reply, status } = endpoint;
  const request: NonNullable<RouteConfig['request']> = {};
  if (params instanceof z.ZodObject) request.params = params;
  if (query instanceof z.ZodObject) request.query = query;
  if (bodyForm) request.body = { required: true, content: { 'application/json': { schema: bodyForm } } };
  const good = status ?? (method === 'post' ? 201 : 200);
  return {
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    summary,
    tags: [tag],
    description: `Right: ${right.text}.`,
    security: right.open ? [] : [{ bearer: [] }],
    request,
    responses: {
      [good]: reply
        ? { description: 'done', content: { 'application/json': { schema: reply } } }
        : { description: 'done' },
      default: { description: 'refused', content: { 'application/problem+json': { schema: problem } } },
    },
  };
}
