import { randomUUID } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mp4File } from './content/mp4.fixture.ts';
import { memoryProvider } from './settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from './test-app.ts';
import { approvedClip, dealOf, merchantAt, residentAt, upload } from './test-market.ts';
import { claimedTerminal, neighbourhood, testJournal } from './test-neighbourhood.ts';

/** Whoever may ask, as the OpenAPI document calls them. */
const roles = ['operator', 'property', 'merchant', 'resident'] as const;
type Role = (typeof roles)[number];
const machine = 'the terminal itself';

/** A route as the document describes it. */
interface Described {
  readonly method: string;
  /** `/v1/orders/{id}` */
  readonly path: string;
  readonly right: string;
}

const name = ({ method, path }: Described) => `${method.toUpperCase()} ${path}`;
const forbidden = { status: 403, code: 'forbidden' };
const hidden = { status: 404, code: 'not-found' };

describe('every route of the OpenAPI document', () => {
  let world: TestApp;
  let guarded: Described[];
  let tokens: Record<Role | typeof machine, string>;
  /** Of other parties than those of `tokens`; by the route, or by the start of its path. */
  let subjects: Readonly<Record<string, string>>;
  let bodies: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    world = await testApp({ paymentProvider: memoryProvider() });
    const [theirs, mine] = [await neighbourhood(world), await neighbourhood(world)];
    const [them, me] = [await merchantAt(world, theirs), await merchantAt(world, mine)];
    const [owner, stranger] = [await residentAt(world, theirs, '王小明'), await residentAt(world, mine, '李芳')];
    const [terminal, mineTerminal] = [await claimedTerminal(world, theirs), await claimedTerminal(world, mine)];
    tokens = {
      operator: world.operator,
      property: mine.manager,
      merchant: me.token,
      resident: stranger.token,
      [machine]: mineTerminal.token,
    };

    const make = async (path: string, token: string, body: unknown) => {
      const made = await world.call('POST', path, { token, body, idempotencyKey: randomUUID() });
      if (made.status !== 201) throw new Error(`POST ${path}: ${JSON.stringify(made.body)}`);
      return String(made.body.id);
    };
    const now = world.clock.now();
    const at = now - (now % 1_800_000) + 1_800_000;
    const pass = {
      communityId: theirs.communityId,
      label: 'Plumber',
      entranceIds: null,
      from: now,
      to: at,
      uses: null,
    };
    const clip = await approvedClip(world, them.token);
    const dealId = await dealOf(world, them);
    const campaignId = await make('/v1/campaigns', them.token, { name: '草莓季', clipId: clip, dealId });
    const booking = { campaignId, communityId: theirs.communityId, at, touches: 1 };
    const anOrder = { dealId, quantity: 1, visitId: null };
    const row = {
      terminalId: terminal.id,
      kind: 'open',
      state: 'QUEUED',
      times: {},
      actor: 'x',
      expiresAt: now,
    } as const;
    const commandId = newId('command');
    await world.store.tx(async (q) => void (await q.insert(q.t.commands).values({ id: commandId, ...row })));
    const person = { name: 'X', phone: '13800000003', unit: '1', building: '1' };
    const entrance = { name: 'Back', placement: 'gate' };

    subjects = {
      '/v1/communities': theirs.communityId,
      '/v1/terminals': terminal.id,
      '/v1/residents': owner.id,
      '/v1/passes': await make('/v1/passes', theirs.manager, pass),
      '/v1/commands': commandId,
      '/v1/clips': (await upload(world, them.token, mp4File())).body.id,
      '/v1/bookings': await make('/v1/bookings', them.token, booking),
      '/v1/orders': await make('/v1/orders', owner.token, anOrder),
    };
    bodies = {
      'POST /v1/communities/{id}/entrances': entrance,
      'POST /v1/communities/{id}/residents': person,
      'PUT /v1/residents/{id}/pin': { pin: '274916' },
      'PATCH /v1/terminals/{id}/config': { openMs: 3_000 },
      'PUT /v1/terminals/{id}/mode': { mode: 'lockdown' },
      'PUT /v1/communities/{id}/mode': { mode: 'lockdown' },
      'POST /v1/terminals/{id}/commands': { kind: 'open' },
      'PUT /v1/terminals/{id}/reported': { v: 1, kind: 'config', version: 1, state: 'applied' },
      'POST /v1/terminals/{id}/journal': testJournal(world, mineTerminal, 'door')({ kind: 'odd', body: {} }),
      // What these are about stands in the body.
      'POST /v1/terminals': { communityId: theirs.communityId, entranceId: theirs.entranceId, name: 'Mine' },
      'POST /v1/passes': pass,
      'POST /v1/campaigns': { name: 'Mine', clipId: clip, dealId: null },
      'POST /v1/bookings': booking,
      'POST /v1/pickups/verify': { code: '12345678' },
      'POST /v1/deals': {
        storeId: them.storeId,
        title: 'Mine',
        description: '',
        singlePriceFen: 2,
        groupPriceFen: 1,
        groupSize: 2,
        groupHours: 1,
        stock: 1,
        perPersonMax: 1,
        opensAt: now,
        closesAt: at,
      },
    };

    const document = (await world.call('GET', '/openapi.json')).body;
    guarded = Object.entries<Record<string, Record<string, unknown>>>(document.paths)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, route]) => ({
          method,
          path,
          right: /^Right: (.*)\.$/.exec(String(route['description']))?.[1] ?? '',
        })),
      )
      .filter(({ right }) => !right.startsWith('open: '));
  }, 60_000);
  afterAll(() => world.close());

  const ask = async (route: Described, who: Role | typeof machine | undefined) => {
    const start = Object.keys(subjects).find((path) => route.path.startsWith(`${path}/`)) ?? '';
    const path = route.path
      .replace('{id}', subjects[start] ?? newId('clip'))
      .replace('{kind}', 'config')
      .replace('{sha256}', '0'.repeat(64));
    const token = who === undefined ? undefined : tokens[who];
    const answer = await world.call(route.method.toUpperCase(), path, { token, body: bodies[name(route)] });
    return { status: answer.status, code: answer.body?.code };
  };
  const mayAsk = (route: Described, who: string) =>
    route.right === machine ? who === machine : route.right.split(', ').includes(who);

  it('states who may ask: roles, the terminal, or what protects it instead', () => {
    expect(guarded.length).toBeGreaterThan(35);
    const known = new Set<string>([...roles, machine]);
    for (const route of guarded) {
      const named = route.right === machine ? [machine] : route.right.split(', ');
      expect({ route: name(route), isStated: named.every((who) => known.has(who)) }).toMatchObject({ isStated: true });
    }
  });

  it('is in the document, or one of the few that show nothing of anybody', () => {
    const inDocument = new Set(
      world.app.platform.api.routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    );
    const others = world.app.platform.api.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !inDocument.has(`${method} ${path}`))
      .map(({ path }) => path)
      .filter((path) => !/^\/(operator|property|merchant|h5)(\/|$)/.test(path));
    expect([...new Set(others)].sort()).toEqual([
      '/.well-known/jwks.json',
      '/docs',
      '/healthz',
      '/metrics',
      '/openapi.json',
      '/readyz',
    ]);
  });

  it('asks a stranger to sign in', async () => {
    for (const route of guarded) {
      expect({ route: name(route), ...(await ask(route, undefined)) }).toMatchObject({
        status: 401,
        code: 'unauthenticated',
      });
    }
  });

  it('is closed to every role that it does not name', async () => {
    for (const route of guarded) {
      for (const who of [...roles, machine] as const) {
        if (mayAsk(route, who)) continue;
        expect({ route: name(route), who, ...(await ask(route, who)) }).toMatchObject(forbidden);
      }
    }
  });

  it('hides what belongs to others from the roles that it names', async () => {
    const about = guarded.filter((route) => route.path.includes('{') || bodies[name(route)] !== undefined);
    for (const route of about) {
      for (const who of [...roles, machine] as const) {
        if (who === 'operator' || !mayAsk(route, who)) continue;
        const expected = who === machine ? forbidden : hidden;
        const answer = await ask(route, who);
        if (name(route) === 'POST /v1/pickups/verify') expect(answer.code).toBe('unknown-pickup-code');
        else expect({ route: name(route), who, ...answer }).toMatchObject(expected);
      }
    }
  });

  it('has something of somebody else’s in this test to be asked for', () => {
    for (const { path } of guarded.filter((route) => route.path.includes('{id}'))) {
      expect({ path, isKnown: Object.keys(subjects).some((start) => path.startsWith(`${start}/`)) }).toMatchObject({
        isKnown: true,
      });
    }
  });

  it('lists nothing of others', async () => {
    const foreign = Object.values(subjects);
    const lists = guarded.filter(
      ({ method, path }) => method === 'get' && !path.includes('{') && path !== '/v1/events',
    );
    for (const route of lists) {
      for (const who of roles.filter((role) => role !== 'operator' && mayAsk(route, role))) {
        const answer = await world.call('GET', `${route.path}?communityId=${subjects['/v1/communities']}`, {
          token: tokens[who],
        });
        const ids = (answer.body?.items ?? []).map((item: { id?: string }) => item.id);
        // Merchants book at any community.
        const isOpenToThem = route.path === '/v1/communities' && who === 'merchant';
        if (!isOpenToThem)
          expect({ route: name(route), who, leaked: foreign.filter((one) => ids.includes(one)) }).toMatchObject({
            leaked: [],
          });
      }
    }
  });
});
