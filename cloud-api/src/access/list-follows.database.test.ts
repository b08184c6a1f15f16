import { randomInt } from 'node:crypto';
import { hours, seconds } from '@gatecast/firmware-protocol';
import { canonicalJson, type AccessList } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type Answer, type TestApp } from '../test-app.ts';
import { sessionOf } from '../test-market.ts';
import {
  claimedTerminal,
  claimTerminal,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { publishedList } from './published-list.fixture.ts';

type Credential = AccessList['credentials'][number];
/** What the newest list says, in the words of a case. */
type Told = Pick<AccessList, 'deny' | 'holidays' | 'schedules'> & { readonly byId: ReadonlyMap<string, Credential> };

/** The last step of a case, and what the newest list says of it before and after. */
interface Case {
  readonly act: () => Promise<unknown>;
  readonly said: (list: Told) => unknown;
  readonly before: unknown;
  readonly after: unknown;
}

describeStores('whatever changes who may enter', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
  });
  afterAll(() => world.close());

  const call = async (method: string, path: string, body?: unknown, token = here.manager): Promise<Answer['body']> => {
    const answer = await world.call(method, path, { token, body });
    if (answer.status >= 400) throw new Error(`${method} ${path} answers ${answer.status} ${answer.body?.code}`);
    return answer.body;
  };
  const communityPath = (rest: string) => `/v1/communities/${here.communityId}/${rest}`;
  const newPhone = () => `13${String(randomInt(1_000_000_000)).padStart(9, '0')}`;
  const moveIn = (change: object = {}) =>
    call('POST', communityPath('residents'), {
      name: '王小明',
      phone: newPhone(),
      unit: '1203',
      building: '3',
      pin: '274916',
      ...change,
    });
  const patch = (id: string, change: object) => call('PATCH', `/v1/residents/${id}`, change);
  const credentialOf = async (id: string): Promise<string> =>
    (await call('GET', `/v1/residents/${id}/credentials`)).items.at(-1).id;
  const thisHour = (): number => world.clock.now() - (world.clock.now() % hours(1));
  const invite = (change: object = {}) =>
    call('POST', '/v1/passes', {
      communityId: here.communityId,
      label: 'Plumber',
      entranceIds: null,
      from: thisHour(),
      to: thisHour() + hours(48),
      uses: null,
      ...change,
    });
  const comeIn = (credential: string) => {
    const body = { entrance: here.entranceId, via: 'code', person: 'visitor', pulseMs: 5_000, list: 1, command: null };
    const hidden = { salt: 'c2FsdA', data: { credential, touch: null } };
    const batch = testJournal(world, terminal, 'door')({ kind: 'opened', body, private: hidden });
    return call('POST', `/v1/terminals/${terminal.id}/journal`, batch, terminal.token);
  };
  const imported = async (...lines: readonly string[]): Promise<string> => {
    const made = await world.app.fetch(
      new Request(`http://gatecast.test${communityPath('resident-imports?filename=a.csv')}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${here.manager}`, 'content-type': 'text/csv' },
        body: `姓名,手机,楼栋,房号,关系,租期至\n${lines.join('\n')}`,
      }),
    );
    return JSON.parse(await made.text()).id;
  };
  const done = (id: string, state: string) =>
    vi.waitFor(async () => expect((await call('GET', `/v1/resident-imports/${id}`)).state).toBe(state));
  const apply = async (id: string) => {
    await call('POST', `/v1/resident-imports/${id}/apply`, {});
    await done(id, 'applied');
  };

  const told = async (): Promise<Told> => {
    const { credentials, ...list } = await publishedList(world, terminal);
    return { ...list, byId: new Map(credentials.map((one) => [one.id, one])) };
  };
  const of = (id: string, field: keyof Credential | 'unit') => (list: Told) =>
    (list.byId.get(id) as Record<string, unknown> | undefined)?.[field] ?? null;
  const standing = (id: string) => (list: Told) =>
    list.byId.has(id) ? 'granted' : list.deny.includes(id) ? 'denied' : 'gone';
  const revoked = { before: 'granted', after: 'denied' };

  const cases: Readonly<Record<string, () => Promise<Case>>> = {
    'holidays are set': async () => ({
      act: () => call('PUT', communityPath('holidays'), { dates: ['2027-01-01'] }),
      said: ({ holidays }) => holidays,
      before: [],
      after: ['2027-01-01'],
    }),
    'a unit gets another floor': async () => {
      const { id, unitId } = await moveIn();
      return {
        act: () => call('PATCH', `/v1/units/${unitId}`, { floor: 7 }),
        said: of(await credentialOf(id), 'floors'),
        before: [12],
        after: [7],
      };
    },
    'somebody moves to a unit of the same number on another floor': async () => {
      const { id } = await moveIn();
      await call('POST', communityPath('units'), { building: '4', numbers: ['1203'] });
      const unit = (await call('GET', communityPath('units?building=4'))).items[0];
      await call('PATCH', `/v1/units/${unit.id}`, { floor: 2 });
      return {
        act: () => patch(id, { building: '4', unit: '1203' }),
        said: of(await credentialOf(id), 'floors'),
        before: [12],
        after: [2],
      };
    },
    'somebody moves to another unit': async () => {
      const { id } = await moveIn();
      return {
        act: () => patch(id, { building: '3', unit: '0801' }),
        said: of(await credentialOf(id), 'unit'),
        before: '1203',
        after: '0801',
      };
    },
    'the door is to stay open for longer': async () => {
      const { id } = await moveIn();
      return {
        act: () => patch(id, { openMs: 12_000 }),
        said: of(await credentialOf(id), 'openMs'),
        before: null,
        after: 12_000,
      };
    },
    'a lease gets an end': async () => {
      const { id } = await moveIn();
      return {
        act: () => patch(id, { leaseEndsOn: '2026-12-31' }),
        said: of(await credentialOf(id), 'to'),
        before: null,
        after: Date.parse('2026-12-31T16:00:00Z'),
      };
    },
    'somebody turns out to be a child': async () => {
      const [guardian, { id }] = [await moveIn({ unit: '0501' }), await moveIn()];
      return {
        act: () => patch(id, { isChild: true, guardianId: guardian.id }),
        said: of(await credentialOf(id), 'person'),
        before: 'resident',
        after: 'child',
      };
    },
    'somebody moves out': async () => {
      const { id } = await moveIn();
      return {
        act: () => call('POST', `/v1/residents/${id}/move-out`),
        said: standing(await credentialOf(id)),
        ...revoked,
      };
    },
    'somebody is erased': async () => {
      const { id } = await moveIn();
      return { act: () => call('DELETE', `/v1/residents/${id}`), said: standing(await credentialOf(id)), ...revoked };
    },
    'somebody erases themselves, and so their visitors': async () => {
      const { id } = await moveIn();
      const token = await sessionOf(world, id);
      const visit = await call('POST', '/v1/me/passes', { label: 'Mum', from: 'now', hours: 24, uses: null }, token);
      return { act: () => call('DELETE', '/v1/me', undefined, token), said: standing(visit.id), ...revoked };
    },
    'a PIN is set anew': async () => {
      const { id } = await moveIn();
      return {
        act: () => call('PUT', `/v1/residents/${id}/pin`, { pin: '805213' }),
        said: standing(await credentialOf(id)),
        ...revoked,
      };
    },
    'a PIN for under threat is taken away': async () => {
      const { id } = await moveIn();
      await call('PUT', `/v1/residents/${id}/duress-pin`, { pin: '639508' });
      return {
        act: () => call('DELETE', `/v1/residents/${id}/duress-pin`),
        said: ({ byId }) => [...byId.values()].filter(({ duress }) => duress).length,
        before: 1,
        after: 0,
      };
    },
    'a card is revoked': async () => {
      const { id } = await moveIn();
      const card = await call('POST', `/v1/residents/${id}/cards`, { number: '12,3456', format: 'w26' });
      return { act: () => call('DELETE', `/v1/credentials/${card.id}`), said: standing(card.id), ...revoked };
    },
    'a pass is revoked, and so its cards': async () => {
      const pass = await invite();
      const card = await call('POST', `/v1/passes/${pass.id}/cards`, { number: '12,3457', format: 'w26' });
      return { act: () => call('DELETE', `/v1/passes/${pass.id}`), said: standing(card.id), ...revoked };
    },
    'a pass is used up': async () => {
      const pass = await invite({ uses: 1 });
      return { act: () => comeIn(pass.id), said: standing(pass.id), ...revoked };
    },
    'a pass that ends some hours after its first use is used': async () => {
      const pass = await invite({ firstUseWithinHours: 24, lastsHours: 2 });
      return {
        act: () => comeIn(pass.id),
        said: (list) => [of(pass.id, 'to')(list), of(pass.id, 'firstUse')(list)],
        before: [pass.to, { by: thisHour() + hours(24), lastsMs: hours(2) }],
        after: [world.clock.now() + hours(2), null],
      };
    },
    'a schedule gets other windows': async () => {
      const window = { days: [1], fromMinute: 480, toMinute: 600, entranceIds: null };
      const schedule = await call('POST', communityPath('access-schedules'), { name: 'Day', windows: [window] });
      const pass = await invite({ person: 'staff', scheduleId: schedule.id });
      const daysOf = ({ schedules, byId }: Told) =>
        schedules[byId.get(pass.id)?.schedule ?? -1]?.windows.map((one) => one.days);
      return {
        act: () =>
          call('PUT', `/v1/access-schedules/${schedule.id}`, { name: 'Day', windows: [{ ...window, days: [2, 8] }] }),
        said: daysOf,
        before: [[1]],
        after: [[2, 8]],
      };
    },
    'the keys of passes begin anew': async () => {
      const pass = await invite();
      return { act: () => call('POST', communityPath('pass-keys/roll')), said: standing(pass.id), ...revoked };
    },
    'a file moves somebody': async () => {
      const phone = newPhone();
      const { id } = await moveIn({ phone });
      const file = await imported(`王小明,${phone},3,0801,租户,2027-06-30`);
      return { act: () => apply(file), said: of(await credentialOf(id), 'unit'), before: '1203', after: '0801' };
    },
    'a file is taken back that moved somebody': async () => {
      const phone = newPhone();
      const { id } = await moveIn({ phone });
      const file = await imported(`王小明,${phone},3,0801,租户,2027-06-30`);
      await apply(file);
      return {
        act: async () => {
          await call('POST', `/v1/resident-imports/${file}/undo`, {});
          await done(file, 'undone');
        },
        said: (list) => list,
        before: expect.objectContaining({
          byId: new Map([[await credentialOf(id), expect.objectContaining({ unit: '0801' })]]),
        }),
        after: expect.objectContaining({
          byId: new Map([[await credentialOf(id), expect.objectContaining({ unit: '1203', to: null })]]),
        }),
      };
    },
    'a file is taken back that brought somebody who has a PIN by now': async () => {
      const file = await imported(`新邻居,${newPhone()},3,0801,业主,`);
      await apply(file);
      const { items } = await call('GET', communityPath('residents'));
      await call('PUT', `/v1/residents/${items[0].id}/pin`, { pin: '805213' });
      return {
        act: async () => {
          await call('POST', `/v1/resident-imports/${file}/undo`, { skipChanged: true });
          await done(file, 'undone');
        },
        said: standing(await credentialOf(items[0].id)),
        ...revoked,
      };
    },
  };

  describe('is in the newest list of every terminal:', () => {
    it.each(Object.keys(cases))('%s', async (name) => {
      const { act, said, before, after } = (await cases[name]?.()) ?? expect.fail(name);
      const first = await told();
      expect(said(first)).toEqual(before);
      await act();
      const second = await told();
      expect(said(second)).toEqual(after);
      expect(canonicalJson(second.deny)).toBe(canonicalJson([...second.deny].sort()));
    });
  });

  it('is proven of no terminal that is out of service, and of a replaced one when it has its own first list', async () => {
    const { id } = await moveIn();
    const report = async (of_: TestTerminal) => {
      const { version } = await publishedList(world, of_);
      await call('PUT', `/v1/terminals/${of_.id}/reported`, { kind: 'access', version, state: 'applied' }, of_.token);
    };
    const proof = async () => (await call('GET', `/v1/residents/${id}/revocation`)).terminals;
    await report(terminal);
    await call('POST', `/v1/terminals/${terminal.id}/revoke`, undefined, world.operator);
    await call('POST', `/v1/residents/${id}/move-out`);
    await world.app.settled();
    expect(await proof()).toEqual([]);
    const { claimCode } = await call('POST', `/v1/terminals/${terminal.id}/claim-codes`);
    expect(await proof()).toEqual([]);
    // Tokens of the second in which it was revoked are void.
    world.clock.advance(seconds(2));
    const replaced = await claimTerminal(world, claimCode);
    expect(await proof()).toMatchObject([{ terminalId: terminal.id, state: 'waiting' }]);
    await world.app.settled();
    expect(await proof()).toMatchObject([{ state: 'waiting' }]);
    await report(replaced);
    expect(await proof()).toMatchObject([{ state: 'confirmed' }]);
  });
});
