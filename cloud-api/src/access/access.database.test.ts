import { pinPreimage } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { publishedList, tagAt } from './published-list.fixture.ts';

describeStores('access', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let phone = 13_800_000_000;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
  });
  afterAll(() => world.close());

  const list = () => publishedList(world, terminal);

  const addResident = async (pin: string | undefined) => {
    phone += 1;
    return world.call('POST', `/v1/communities/${here.communityId}/residents`, {
      token: here.manager,
      body: { name: '王小明', phone: String(phone), unit: '1203', building: '3', ...(pin && { pin }) },
    });
  };

  describe('a resident’s PIN', () => {
    it('reaches the terminal as a tag that the typed PIN gives, and is stored nowhere', async () => {
      const resident = await addResident('274916');
      expect(resident.body).toMatchObject({
        hasPin: true,
        unit: '1203',
        phoneMasked: `${String(phone).slice(0, 3)}****${String(phone).slice(-4)}`,
      });
      const published = await list();
      const [credential] = published.credentials;
      expect(credential).toMatchObject({ kind: 'unit-pin', unit: '1203', person: 'resident' });
      expect(credential).toMatchObject({
        tag: tagAt(terminal, published, pinPreimage(credential?.id ?? '', '274916')),
      });
      for (const row of await world.store.read.select().from(world.store.read.t.credentials)) {
        expect(JSON.stringify(row)).not.toContain('274916');
      }
    });

    it('that is changed voids the one before by name', async () => {
      const resident = await addResident('274916');
      const before = (await list()).credentials[0]?.id;
      const path = `/v1/residents/${resident.body.id}/pin`;
      expect((await world.call('PUT', path, { token: here.manager, body: { pin: '805213' } })).status).toBe(200);
      const after = await list();
      expect(after.deny).toEqual([before]);
      expect(after.credentials).toHaveLength(1);
    });

    it('that anybody would guess is refused, and so is one too short', async () => {
      expect(await addResident('123456')).toMatchObject({ status: 422, body: { code: 'trivial-pin' } });
      expect(await addResident('1234')).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', faults: [{ path: 'pin' }] },
      });
    });

    it('can be set by the resident, for nobody else', async () => {
      const mine = await addResident(undefined);
      const other = await addResident('274916');
      await world.call('POST', '/v1/sms-codes', { body: { phone: String(phone - 1) } });
      const token = await residentSession(String(phone - 1));
      expect(
        (await world.call('PUT', `/v1/residents/${mine.body.id}/pin`, { token, body: { pin: '805213' } })).status,
      ).toBe(200);
      expect(
        (await world.call('PUT', `/v1/residents/${other.body.id}/pin`, { token, body: { pin: '805213' } })).status,
      ).toBe(404);
    });
  });

  /** Reads the code from the outbox, where it waits for an SMS gateway, as a phone would show it. */
  async function residentSession(number: string): Promise<string> {
    const { jobs } = world.store.read.t;
    const waiting = await world.store.read.select().from(jobs);
    const text = waiting
      .map(({ payload }) => payload as { phone?: string; text?: string })
      .find((one) => one.phone === number)?.text;
    const code = /\d{6}/.exec(text ?? '')?.[0];
    const { body } = await world.call('POST', '/v1/sessions', { body: { phone: number, code } });
    expect(body.me).toMatchObject({ role: 'resident', name: '王小明' });
    return body.token;
  }

  describe('the access log', () => {
    it('says who opened which door, how and when; and who was refused', async () => {
      await addResident('274916');
      const credential = (await list()).credentials[0]?.id;
      const journal = testJournal(world, terminal, 'door');
      const opened = {
        entrance: here.entranceId,
        via: 'pin',
        person: 'resident',
        pulseMs: 5_000,
        list: 2,
        command: null,
      };
      const refused = { entrance: here.entranceId, via: 'code', reason: 'unknown-code', list: 2 };
      const batch = journal(
        { kind: 'opened', body: opened, private: { salt: 'c2FsdA', data: { credential, touch: null } } },
        { kind: 'contact', body: { entrance: here.entranceId, open: true } },
        { kind: 'refused', body: refused, private: { salt: 'c2FsdB', data: { credential: null, touch: null } } },
        { kind: 'alarm', body: { entrance: here.entranceId, alarm: 'forced' } },
        { kind: 'from-the-future', body: {} },
      );
      const sent = await world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
        token: terminal.token,
        body: batch,
      });
      expect(sent.body).toMatchObject({ stream: 'door', upTo: 5 });

      const log = await world.call('GET', `/v1/access-events?terminalId=${terminal.id}`, { token: here.manager });
      expect(log.body.items).toMatchObject([
        { kind: 'forced', seq: 4, who: null },
        { kind: 'refused', via: 'code', reason: 'unknown-code', seq: 3, who: null },
        {
          kind: 'opened',
          via: 'pin',
          seq: 1,
          at: world.clock.now(),
          pulseMs: 5_000,
          entranceName: 'East gate',
          who: { person: 'resident', name: '王小明', unit: '1203' },
        },
      ]);
      const onlyRefused = await world.call('GET', `/v1/access-events?terminalId=${terminal.id}&kind=refused`, {
        token: here.manager,
      });
      expect(onlyRefused.body.items).toHaveLength(1);
    });

    it('tells the property, and nobody else, who opened under threat', async () => {
      await addResident('274916');
      const credential = (await list()).credentials[0]?.id;
      const body = { entrance: here.entranceId, alarm: 'duress', active: true };
      const row = { kind: 'alarm', body, private: { salt: 'c2FsdA', data: { credential, touch: null } } };
      const batch = testJournal(world, terminal, 'door')(row);
      await world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body: batch });

      const asked = async (path: string, token: string) => (await world.call('GET', path, { token })).body.items;
      const stranger = (await neighbourhood(world)).manager;
      const log = `/v1/access-events?terminalId=${terminal.id}`;
      expect(await asked(log, here.manager)).toMatchObject([{ kind: 'duress', who: { name: '王小明', unit: '1203' } }]);
      for (const token of [world.operator, stranger]) {
        expect(await asked(log, token)).toEqual([]);
        expect(await asked(`${log}&kind=duress`, token)).toEqual([]);
      }

      const raised = `/v1/terminals?alarmed=true&communityId=${here.communityId}`;
      expect(await asked(raised, here.manager)).toMatchObject([{ id: terminal.id, alarms: [{ kind: 'duress' }] }]);
      expect(await asked(raised, world.operator)).toEqual([]);
      const forOperator = await world.call('GET', `/v1/terminals/${terminal.id}`, { token: world.operator });
      expect(forOperator.body.alarms).toEqual([]);

      const { events } = world.store.read.t;
      const told = (await world.store.read.select().from(events)).filter(({ subject }) => subject === terminal.id);
      const ofDuress = told.filter(({ facts }) => JSON.stringify(facts).includes('duress'));
      expect(ofDuress).toMatchObject([
        { type: 'duress', companyId: here.companyId, merchantId: null, residentId: null },
      ]);
    });

    it('tells live pages of an alarm at once, however much happened after it', async () => {
      const journal = testJournal(world, terminal, 'door');
      const alarm = { kind: 'alarm', body: { entrance: here.entranceId, alarm: 'forced', active: true } };
      const exits = Array.from({ length: 80 }, () => ({ kind: 'exit', body: { entrance: here.entranceId } }));
      await world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
        token: terminal.token,
        body: journal(alarm, ...exits),
      });
      const { events } = world.store.read.t;
      const told = (await world.store.read.select().from(events)).filter(({ subject }) => subject === terminal.id);
      const ofDoor = told.map(({ type }) => type).filter((type) => type === 'alarm' || type === 'access');
      expect(ofDoor).toEqual(['alarm', ...Array.from({ length: 50 }, () => 'access')]);
    });

    it('comes in pages, newest first, each row once', async () => {
      const journal = testJournal(world, terminal, 'door');
      const rows = Array.from({ length: 5 }, () => ({ kind: 'exit', body: { entrance: here.entranceId } }));
      await world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
        token: terminal.token,
        body: journal(...rows),
      });
      const seen: number[] = [];
      let cursor = '';
      do {
        const page = await world.call('GET', `/v1/access-events?terminalId=${terminal.id}&limit=2${cursor}`, {
          token: here.manager,
        });
        seen.push(...page.body.items.map(({ seq }: { seq: number }) => seq));
        cursor = page.body.nextCursor === null ? '' : `&cursor=${page.body.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual([5, 4, 3, 2, 1]);
      const bad = await world.call('GET', '/v1/access-events?cursor=bm9uc2Vuc2U', { token: here.manager });
      expect(bad).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    });
  });
});
