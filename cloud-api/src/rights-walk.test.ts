import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scopeOf, type AccountRole } from './platform/auth.ts';
import { accountRoles } from './platform/contract.ts';
import { operationsOf, type Operation } from './rights-bodies.fixture.ts';
import { rightsMatrix, type Asker, type Row } from './rights-matrix.ts';
import { askOf, foreignAsks, type Ask } from './rights-requests.fixture.ts';
import { rightsSide, type Side } from './rights-world.fixture.ts';
import { memoryProvider } from './settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from './test-app.ts';

const askers: readonly Asker[] = [...accountRoles, 'terminal'];
const walkMs = 180_000;
/** Counters and work of the program itself: they may move while everybody is refused. */
const moving = new Set(['jobs', 'signInFailures', 'addressTries', 'pickupAttempts']);

interface Outcome {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}
const shortly = ({ status, code, text }: Outcome) => `${status} ${code ?? ''} ${text.slice(0, 160)}`;

/** Reads before writes, and what ends accounts or things last. */
const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

describe('every operation of the OpenAPI document', () => {
  let world: TestApp;
  let mine: Side;
  let theirs: Side;
  let walked: readonly { readonly operation: Operation; readonly row: Row }[];

  beforeAll(async () => {
    world = await testApp({ paymentProvider: memoryProvider() });
    mine = await rightsSide(world);
    theirs = await rightsSide(world);
    const operations = operationsOf((await world.call('GET', '/openapi.json')).body);
    walked = operations
      .flatMap((operation) => {
        const row = rightsMatrix[operation.name];
        return row ? [{ operation, row }] : [];
      })
      .toSorted(
        (a, b) =>
          Number(a.row.ends !== undefined) - Number(b.row.ends !== undefined) ||
          order.indexOf(a.operation.method) - order.indexOf(b.operation.method),
      );
  }, walkMs);
  afterAll(() => world.close());

  const send = async (operation: Operation, ask: Ask, token: string | undefined): Promise<Outcome> => {
    const headers = new Headers({ 'idempotency-key': randomUUID() });
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const init: RequestInit = { method: operation.method, headers };
    if (ask.body !== undefined) init.body = typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body);
    const answer = await world.app.fetch(new Request(`http://gatecast.test${ask.path}`, init));
    if (answer.headers.get('content-type') === 'text/event-stream') {
      await answer.body?.cancel();
      return { status: answer.status, code: undefined, text: '' };
    }
    const text = await answer.text();
    return { status: answer.status, code: answer.status < 400 ? undefined : codeOf(text), text };
  };
  const may = ({ who }: Row, asker: Asker) => who === 'anybody' || who.includes(asker);
  /** Somebody for whose sake the request is well formed. */
  const anAsker = ({ who }: Row): Asker => (who === 'anybody' ? 'property' : (who[0] ?? 'property'));
  const ownAsk = async (operation: Operation, row: Row, asker: Asker): Promise<Ask> => {
    const isChange = operation.method !== 'GET';
    return askOf(world, { operation, row, side: mine, asker }, (kind) =>
      isChange ? mine.fresh(kind, asker) : mine.id(kind, asker),
    );
  };
  const keptAsk = (operation: Operation, row: Row, asker: Asker): Promise<Ask> =>
    askOf(world, { operation, row, side: mine, asker }, (kind) => mine.id(kind, asker));

  it('has a row in the matrix, and every row an operation', async () => {
    const operations = operationsOf((await world.call('GET', '/openapi.json')).body).map(({ name }) => name);
    expect(operations.filter((name) => !(name in rightsMatrix))).toEqual([]);
    expect(Object.keys(rightsMatrix).filter((name) => !operations.includes(name))).toEqual([]);
  });

  it('says in its description who may, as the matrix does', () => {
    for (const { operation, row } of walked) {
      const { who } = row;
      if (who === 'anybody')
        expect([operation.name, operation.right]).toEqual([operation.name, expect.stringMatching(/^open: /)]);
      else {
        const named = who.includes('terminal')
          ? 'the terminal itself'
          : accountRoles.filter((role) => who.includes(role)).join(', ');
        const said = operation.right.split(', ').length > 1 ? sorted(operation.right) : operation.right;
        expect([operation.name, said]).toEqual([operation.name, `${named}${row.inPerson ? '; in person' : ''}`]);
      }
    }
  });

  it('is described, or one of the few that show nothing of anybody', () => {
    const described = new Set(
      world.app.platform.api.routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    );
    const others = world.app.platform.api.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !described.has(`${method} ${path}`))
      .map(({ path }) => path)
      .filter((path) => !/^\/(operator|property|merchant|h5|guard)(\/|$)/.test(path));
    expect([...new Set(others)].sort()).toEqual([
      '/.well-known/jwks.json',
      '/docs',
      '/healthz',
      '/metrics',
      '/openapi.json',
      '/readyz',
    ]);
  });

  it(
    'refuses whom its row does not name, and whoever asks for what is not theirs, and nothing has changed',
    { timeout: walkMs },
    async () => {
      await prepare();
      const before = await settled(world);
      const wrong: unknown[] = [];
      for (const { operation, row } of walked) {
        if (row.who === 'anybody') continue;
        const ask = await keptAsk(operation, row, anAsker(row));
        const stranger = await send(operation, ask, undefined);
        if (stranger.code !== 'unauthenticated') wrong.push([operation.name, 'a stranger', shortly(stranger)]);
        for (const asker of askers.filter((one) => !may(row, one))) {
          const outcome = await send(operation, ask, await mine.token(asker));
          if (outcome.code !== 'forbidden') wrong.push([operation.name, asker, shortly(outcome)]);
        }
        wrong.push(...(await wrongForeign(operation, row)));
        wrong.push(...(await wrongKeys(operation, row, ask)));
      }
      expect(wrong).toEqual([]);
      expect(await everything(world)).toEqual(before);
    },
  );

  /** What the requests name is made beforehand, so that the refusals stand alone between two looks at the database. */
  const prepare = async () => {
    for (const asker of askers) await mine.token(asker);
    for (const { operation, row } of walked) {
      for (const side of [mine, theirs])
        for (const asker of row.who === 'anybody' ? [anAsker(row)] : row.who)
          await askOf(world, { operation, row, side, asker }, (kind) => side.id(kind, asker));
      for (const role of keyedRoles) await mine.key(role, otherScopes(operation, row));
    }
  };

  /** The answers to requests with one foreign id each that were not refused. The operator's are all ids. */
  const wrongForeign = async (operation: Operation, row: Row): Promise<unknown[]> => {
    const wrong: unknown[] = [];
    if (row.who === 'anybody') return wrong;
    for (const asker of row.who.filter((one) => one !== 'operator')) {
      const own = row.of === undefined ? '' : await mine.id(row.of, asker);
      for (const { ask, field } of await foreignAsks(await keptAsk(operation, row, asker), {
        row,
        asker,
        theirs,
        own,
      })) {
        const outcome = await send(operation, ask, await mine.token(asker));
        if (outcome.status !== 404 && outcome.status !== 403)
          wrong.push([operation.name, asker, `foreign ${field}`, shortly(outcome)]);
      }
    }
    return wrong;
  };

  /** The answers that an API key got without the scope for them. */
  const wrongKeys = async (operation: Operation, row: Row, ask: Ask): Promise<unknown[]> => {
    const wrong: unknown[] = [];
    if (row.who === 'anybody') return wrong;
    for (const role of keyedRoles) {
      const outcome = await send(operation, ask, await mine.key(role, otherScopes(operation, row)));
      if (outcome.code !== 'forbidden') wrong.push([operation.name, `a key of ${role}`, shortly(outcome)]);
    }
    return wrong;
  };
  /** Every scope but the one that would do; where a person is wanted none would. */
  const otherScopes = (operation: Operation, row: Row): readonly string[] => {
    const all = new Set(world.app.platform.api.routes.map(scopeOf));
    return [...all].filter((scope) => row.inPerson || scope !== needed(operation));
  };

  it(
    'is open to whom its row names, by session and by API key, and shows nothing of others',
    { timeout: walkMs },
    async () => {
      const wrong: unknown[] = [];
      for (const { operation, row } of walked) {
        if (row.who === 'anybody') {
          const outcome = await send(operation, await ownAsk(operation, row, anAsker(row)), undefined);
          if (!isWelcome(outcome, row)) wrong.push([operation.name, 'anybody', shortly(outcome)]);
          continue;
        }
        for (const asker of row.who) {
          const token = row.ends === 'account' ? await mine.goner() : await mine.freshToken(asker);
          const outcome = await send(operation, await ownAsk(operation, row, asker), token);
          if (!isWelcome(outcome, row)) wrong.push([operation.name, asker, shortly(outcome)]);
          const leaked = asker === 'operator' ? [] : leaks(outcome, row);
          if (leaked.length > 0) wrong.push([operation.name, asker, 'shows', leaked]);
          if (!isKeyed(asker) || row.inPerson) continue;
          const key = await mine.key(asker, [needed(operation)]);
          const byKey = await send(operation, await ownAsk(operation, row, asker), key);
          if (!isWelcome(byKey, row)) wrong.push([operation.name, `a key of ${asker}`, shortly(byKey)]);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  const isWelcome = ({ status, code }: Outcome, { orEnds = [] }: Row) =>
    status < 400 || (code !== undefined && orEnds.includes(code));
  const leaks = ({ text }: Outcome, row: Row) =>
    [...theirs.told].filter(([id, kind]) => !row.public?.kinds?.includes(kind) && text.includes(id));
});

/** Who makes API keys. */
const keyedRoles = ['operator', 'property', 'merchant'] as const;
const isKeyed = (asker: Asker): asker is AccountRole => (keyedRoles as readonly string[]).includes(asker);
const needed = ({ method, tag }: Operation) => scopeOf({ method: method.toLowerCase(), tag });

const sorted = (right: string): string => {
  const [roles = '', ...rest] = right.split('; ');
  const named = roles.split(', ');
  return [accountRoles.filter((role) => named.includes(role)).join(', '), ...rest].join('; ');
};

/** Of problem details, or of the page that a phone's browser gets. */
const codeOf = (text: string): string | undefined =>
  text.startsWith('{') ? JSON.parse(text).code : /<meta name="problem" content="([\w-]+)">/.exec(text)?.[1];

/** The database once nothing of what was begun before goes on in it: lists are made after the commit, by a thread, and clips by a queue. */
const settled = (world: TestApp) =>
  vi.waitFor(
    async () => {
      const [first, second] = [await everything(world), await everything(world)];
      expect(first['accessChanges']).toBe('[]');
      expect(first['clips']).not.toMatch(/"status":"(?:queued|transcoding)"/);
      expect(first).toEqual(second);
      return second;
    },
    { timeout: 30_000, interval: 100 },
  );

/** All rows of all tables but the moving ones, to be compared. */
async function everything(world: TestApp): Promise<Readonly<Record<string, string>>> {
  const { t } = world.store.read;
  const rows: Record<string, string> = {};
  for (const name of Object.keys(t).filter((one) => !moving.has(one))) {
    const table = t[name as keyof typeof t];
    rows[name] = JSON.stringify(await world.store.read.select().from(table));
  }
  return rows;
}
