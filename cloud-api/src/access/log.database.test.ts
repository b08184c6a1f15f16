import { days, hours, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  guardAt,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import type { AccessEvent } from './contract.ts';

describeStores('the access log', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let journal: ReturnType<typeof testJournal>;
  let phone = 13_900_000_000;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    journal = testJournal(world, terminal, 'door');
  });
  afterAll(() => world.close());

  const happens = async (...rows: readonly NewRow[]) => {
    const path = `/v1/terminals/${terminal.id}/journal`;
    const sent = await world.call('POST', path, { token: terminal.token, body: journal(...rows) });
    expect(sent).toMatchObject({ status: 200 });
  };
  const opened = (credential: string | null, body: object = {}): NewRow => ({
    kind: 'opened',
    body: {
      entrance: here.entranceId,
      via: 'pin',
      person: 'resident',
      pulseMs: 5_000,
      list: 1,
      command: null,
      ...body,
    },
    private: { salt: 'c2FsdA', data: { credential, touch: null } },
  });
  const refused = (credential: string | null, reason = 'expired'): NewRow => ({
    kind: 'refused',
    body: { entrance: here.entranceId, via: 'pin', reason, list: 1 },
    private: { salt: 'c2FsdA', data: { credential, touch: null } },
  });
  const exit = (): NewRow => ({ kind: 'exit', body: { entrance: here.entranceId } });

  const addResident = async (name: string, unit: string) => {
    phone += 1;
    const body = { name, phone: String(phone), unit, building: '3', pin: '274916' };
    const path = `/v1/communities/${here.communityId}/residents`;
    const { body: resident } = await world.call('POST', path, { token: here.manager, body });
    const t = world.store.read.t.credentials;
    const [credential] = await world.store.read.select().from(t).where(eq(t.residentId, resident.id));
    return { id: String(resident.id), credential: credential?.id ?? '' };
  };
  /** As the pass's own slice stores it. */
  const addPass = async (label: string) => {
    const id = newId('credential');
    const { communityId } = here;
    const pass = { id, communityId, label, kind: 'code', person: 'courier', epoch: 1, tag: id } as const;
    await world.store.tx(async (q) => {
      await q.insert(q.t.credentials).values({ ...pass, createdAt: world.clock.now() });
    });
    return id;
  };
  const ask = async (query: string, token = here.manager) =>
    world.call('GET', `/v1/access-events?communityId=${here.communityId}${query}`, { token });
  const list = async (query = '', token = here.manager): Promise<AccessEvent[]> => (await ask(query, token)).body.items;

  describe('can be searched', () => {
    it('by the name and the unit of a resident, and by the label of a pass', async () => {
      const wang = await addResident('王小明', '1203');
      const li = await addResident('李芳', '0402');
      const courier = await addPass('顺丰 Express');
      await happens(
        opened(wang.credential),
        opened(li.credential),
        opened(courier, { via: 'code', person: 'courier' }),
        exit(),
      );
      expect(await list('&search=小明')).toMatchObject([
        { who: { person: 'resident', name: '王小明', unit: '1203', residentId: wang.id } },
      ]);
      expect(await list('&search=0402')).toMatchObject([{ who: { name: '李芳' } }]);
      expect(await list('&search=express')).toMatchObject([
        { who: { person: 'courier', name: '顺丰 Express', unit: null, residentId: null } },
      ]);
      expect(await list('&search=nobody')).toEqual([]);
      expect(await list('&search=%25')).toHaveLength(3);
    });

    it('by resident, kind, way, person, door and time, and by all of them together', async () => {
      const wang = await addResident('王小明', '1203');
      await happens(opened(wang.credential), exit());
      world.clock.advance(minutes(20));
      const from = world.clock.now();
      await happens(
        refused(wang.credential),
        opened(wang.credential, { via: 'card' }),
        opened(null, { via: 'remote', person: null }),
      );
      const seqs = async (query: string) => (await list(query)).map(({ seq }) => seq);
      expect(await seqs(`&residentId=${wang.id}`)).toEqual([4, 3, 1]);
      expect(await seqs('&kind=opened')).toEqual([5, 4, 1]);
      expect(await seqs('&kind=exit')).toEqual([2]);
      expect(await seqs('&via=card')).toEqual([4]);
      expect(await seqs('&person=resident')).toEqual([4, 3, 1]);
      expect(await seqs(`&entranceId=${here.entranceId}`)).toEqual([5, 4, 3, 2, 1]);
      expect(await seqs(`&from=${from}`)).toEqual([5, 4, 3]);
      expect(await seqs(`&to=${from}`)).toEqual([2, 1]);
      const all = `&terminalId=${terminal.id}&search=王&kind=opened&via=card&person=resident&from=${from}`;
      expect(await seqs(all)).toEqual([4]);
      expect(await seqs(`${all}&to=${from}`)).toEqual([]);
    });

    it('by a name that more people have than are looked up one by one', async () => {
      const t = world.store.read.t;
      const { communityId } = here;
      const many = Array.from({ length: 120 }, () => ({ id: newId('resident'), unitId: newId('unit'), name: '同名' }));
      await world.store.tx(async (q) => {
        const shared = {
          communityId,
          phoneMasked: '',
          hasPin: false,
          searchText: '同名',
          createdAt: world.clock.now(),
        };
        await q.insertMany(
          t.residents,
          many.map((one) => ({ ...one, ...shared })),
        );
      });
      const wang = await addResident('王小明', '1203');
      const courier = await addPass('同名');
      const longAgo = [400, 90, 20, 3].map((ago) => ({
        ...opened(wang.credential),
        wallMs: instant(world.clock.now() - days(ago)),
      }));
      await happens(...longAgo, opened(wang.credential), opened(courier, { via: 'code', person: 'courier' }), exit());
      await world.store.tx(async (q) => {
        await q
          .update(q.t.accessEvents)
          .set({ residentId: many[77]?.id ?? null })
          .where(eq(q.t.accessEvents.residentId, wang.id));
      });
      const seqs = async (query: string) => (await list(`&search=同名${query}`)).map(({ seq }) => seq);
      expect(await list('&search=同名&limit=2')).toMatchObject([
        { who: { person: 'courier' } },
        { who: { name: '同名' } },
      ]);
      // However long ago, and not longer ago than asked for.
      expect(await seqs('')).toEqual([6, 5, 4, 3, 2, 1]);
      expect(await seqs('&limit=3')).toEqual([6, 5, 4]);
      expect(await seqs('&kind=opened&via=pin')).toEqual([5, 4, 3, 2, 1]);
      expect(await seqs(`&kind=opened&from=${world.clock.now() - days(91)}`)).toEqual([6, 5, 4, 3, 2]);
      expect(await seqs(`&kind=opened&limit=2&to=${world.clock.now() - days(10)}`)).toEqual([3, 2]);
    });

    it('a page at a time, over rows of one millisecond too', async () => {
      await happens(...Array.from({ length: 7 }, exit));
      const seen: number[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: { items: AccessEvent[]; nextCursor: string | null } = (
          await ask(`&kind=exit&limit=3${cursor && `&cursor=${cursor}`}`)
        ).body;
        seen.push(...page.items.map(({ seq }) => seq));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
    });
  });

  it('shows nothing of other companies, whatever is asked for', async () => {
    const wang = await addResident('王小明', '1203');
    await happens(opened(wang.credential), exit());
    const stranger = (await neighbourhood(world)).manager;
    const about = `communityId=${here.communityId}`;
    for (const query of ['', about, `terminalId=${terminal.id}`, `residentId=${wang.id}`, 'search=王', 'kind=exit']) {
      const { body } = await world.call('GET', `/v1/access-events?${query}`, { token: stranger });
      expect({ query, items: body.items }).toEqual({ query, items: [] });
    }
    const path = `/v1/access-events/export?${about}`;
    expect((await world.call('GET', path, { token: stranger })).status).toBe(404);
  });

  it('tells a guard of the last day in the communities that they keep, and leads them to no record', async () => {
    const wang = await addResident('王小明', '1203');
    await happens({ ...exit(), wallMs: instant(world.clock.now() - hours(25)) }, opened(wang.credential), {
      kind: 'alarm',
      body: { entrance: here.entranceId, alarm: 'duress', active: true },
    });
    const guard = await guardAt(world, here, [here.communityId]);
    expect(await list('', guard)).toMatchObject([{ kind: 'opened', who: { name: '王小明', residentId: null } }]);
    expect(await list('', here.manager)).toHaveLength(3);
    const elsewhere = await guardAt(world, here, [newId('community')]);
    expect(await list('', elsewhere)).toEqual([]);
    const path = `/v1/access-events/export?communityId=${here.communityId}`;
    expect((await world.call('GET', path, { token: guard })).status).toBe(403);
  });

  it('names who was refused by what they showed, and who opened from afar by who asked', async () => {
    const wang = await addResident('王小明', '1203');
    const command = newId('command');
    const order = {
      id: command,
      terminalId: terminal.id,
      kind: 'open',
      state: 'EXECUTED',
      times: {},
      actor: 'x',
    } as const;
    await world.store.tx(async (q) => {
      await q.insert(q.t.commands).values({ ...order, residentId: wang.id, expiresAt: world.clock.now() });
    });
    await happens(refused(wang.credential), opened(null, { via: 'remote', person: null, command }));
    expect(await list()).toMatchObject([
      { via: 'remote', who: { person: 'resident', name: '王小明', residentId: wang.id } },
      { kind: 'refused', who: { person: 'resident', name: '王小明' } },
    ]);
  });

  describe('as CSV', () => {
    const csv = async (query = '', language = 'zh-CN', token = here.manager) => {
      const url = `https://gatecast.test/v1/access-events/export?communityId=${here.communityId}${query}`;
      const headers = { authorization: `Bearer ${token}`, 'accept-language': language };
      return world.app.fetch(new Request(url, { headers }));
    };
    /** With the byte order mark, which `text()` would take away. */
    const textOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer()).toString('utf8');

    it('has every row that fits, in the community’s time, with heads in the reader’s language and a last line that counts', async () => {
      const wang = await addResident('王小明', '1203');
      await happens(opened(wang.credential), exit());
      const answer = await csv();
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(answer.headers.get('content-disposition')).toMatch(
        /^attachment; filename="access-log-\d{4}-\d\d-\d\d\.csv"$/,
      );
      const [head, ...rows] = (await textOf(answer)).split('\r\n');
      expect(head).toMatch(/^\uFEFF时间,时区,出入口,/);
      expect(rows).toEqual([
        expect.stringMatching(/^2026-11-23 \d\d:\d0:00,Asia\/Shanghai,East gate,Gate screen,exit,exit,/),
        expect.stringMatching(/,opened,pin,,resident,王小明,1203,5000,2026-11-23 \d\d:\d0:00,term_/),
        '— 共 2 行，导出完整 —',
        '',
      ]);
      expect(await textOf(await csv('&kind=exit', 'en-GB,en'))).toMatch(/^\uFEFFTime,.*— 1 rows: complete —\r\n$/s);
    });

    it('runs nothing in a spreadsheet, whatever somebody named a pass', async () => {
      const pass = await addPass(`=cmd|' /C calc'!A0`);
      await happens(opened(pass, { via: 'code', person: 'courier' }));
      expect(await textOf(await csv())).toContain(`,'=cmd|' /C calc'!A0,`);
    });

    it('stands in the record of deeds, without what was searched for', async () => {
      await csv('&search=王小明');
      const t = world.store.read.t.audit;
      const deeds = await world.store.read.select().from(t).where(eq(t.subject, here.communityId));
      expect(deeds.filter(({ action }) => action === 'access-log.export')).toMatchObject([
        { facts: { searched: true } },
      ]);
      expect(JSON.stringify(deeds)).not.toContain('小明');
    });

    it('tells nobody but the property of openings under threat', async () => {
      await happens({ kind: 'alarm', body: { entrance: here.entranceId, alarm: 'duress', active: true } });
      expect(await textOf(await csv())).toContain(',duress,');
      expect(await textOf(await csv('', 'zh', world.operator))).not.toContain('duress');
    });

    it('is read no further when whoever asked goes away', async () => {
      for (let i = 0; i < 3; i += 1) await happens(...Array.from({ length: 250 }, exit));
      const reader = (await csv()).body?.getReader();
      await reader?.read();
      await reader?.cancel();
      await expect(reader?.read()).resolves.toMatchObject({ done: true });
    });
  });

  it('is noted with each resident whom it names, for them to read', async () => {
    const wang = await addResident('王小明', '1203');
    await happens(opened(wang.credential));
    await list();
    await list();
    const t = world.store.read.t.recordViews;
    const views = await world.store.read.select().from(t).where(eq(t.residentId, wang.id));
    expect(views).toMatchObject([{ what: 'log', role: 'property', companyId: here.companyId }]);
  });
});
