import { days, hours, minutes, newId } from '@gatecast/firmware-protocol';
import { shortLinkKeyPurpose, unseal } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../platform/db/store.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, testJournal, type Neighbourhood } from '../test-neighbourhood.ts';
import { Machine } from './machine.fixture.ts';
import { handInMs, keyOverlapMs } from './rules.ts';

describeStores('the identity of a terminal', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let machine: Machine;
  let id: string;
  /** Runs once, between a transaction of the cloud and whatever it does next. */
  let meanwhile: (() => Promise<unknown>) | undefined;
  beforeAll(async () => {
    const tx: Store['tx'] = async (work) => {
      const result = await its.store.tx(work);
      const run = meanwhile;
      meanwhile = undefined;
      await run?.();
      return result;
    };
    const env = { GATECAST_BROKER_PUBLIC_URL: 'mqtts://broker.test:8883' };
    world = await testApp({ store: { ...its.store, tx }, env });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    const created = await world.call('POST', '/v1/terminals', {
      token: here.manager,
      body: { communityId: here.communityId, entranceId: here.entranceId, name: 'Gate' },
    });
    id = created.body.id;
    machine = new Machine(world);
    await machine.claim(created.body.claimCode);
  });
  afterAll(() => world.close());

  const show = async () => (await world.call('GET', `/v1/terminals/${id}`, { token: here.manager })).body;
  const alarms = async () => {
    const t = world.store.read.t.events;
    const told = await world.store.read.select().from(t).where(eq(t.subject, id));
    return told.filter(({ type }) => type === 'alarm').map(({ facts }) => facts);
  };
  const tokenOf = async (one = machine) => String((await one.signIn(id, 1)).body.token);
  const may = async (token: string) => (await world.call('GET', `/v1/terminals/${id}/desired`, { token })).status;

  describe('on two machines', () => {
    it('is seen when the copy signs in after the terminal: both are stopped, and the property hears of both addresses', async () => {
      await machine.signIn(id, 1);
      const copy = machine.copy();
      const token = await tokenOf();
      expect((await copy.signIn(id, 1)).body.code).toBe('terminal-cloned');
      expect(await may(token)).toBe(401);
      expect((await machine.signIn(id, 1)).body.code).toBe('terminal-cloned');
      const { cloned } = await show();
      expect(cloned).toMatchObject({
        kind: 'forked',
        known: { address: '192.0.2.7', counter: 2 },
        other: { address: '198.51.100.9', counter: 2 },
      });
      expect(await alarms()).toMatchObject([
        { alarm: 'terminal-cloned', otherAddress: '198.51.100.9', knownCounter: 2 },
      ]);
    });

    it('is seen when the copy was faster: then the terminal’s own next sign-in raises it', async () => {
      await machine.signIn(id, 1);
      const copy = machine.copy();
      expect((await copy.signIn(id, 1)).status).toBe(201);
      expect((await machine.signIn(id, 1)).body.code).toBe('terminal-cloned');
      expect((await copy.signIn(id, 1)).body.code).toBe('terminal-cloned');
    });

    it('is seen when the copy says nothing of where it stands', async () => {
      await machine.signIn(id, 1);
      expect((await machine.copy().signIn(id, 1, { silent: true })).body.code).toBe('terminal-cloned');
      expect((await show()).cloned).toMatchObject({ kind: 'silent', sameMachine: null });
    });

    it('cannot be pretended by somebody without the key', async () => {
      await machine.signIn(id, 1);
      const stranger = new Machine(world);
      expect((await stranger.signIn(id, 1)).body.code).toBe('wrong-credentials');
      expect((await show()).cloned).toBeNull();
    });

    it('is no alarm for an answer that got lost, before or after the cloud took it', async () => {
      await machine.signIn(id, 1);
      for (let tries = 0; tries < 3; tries += 1) {
        expect((await machine.signIn(id, 1, { again: true })).status).toBe(201);
      }
      expect((await machine.signIn(id, 1)).status).toBe(201);
      expect(await alarms()).toEqual([]);
    });

    it('an old backup that was put back is explained and settled by the property; a real copy is seen again', async () => {
      const backup = machine.copy('192.0.2.7');
      await machine.signIn(id, 1);
      await machine.signIn(id, 1);
      expect((await backup.signIn(id, 1)).body.code).toBe('terminal-cloned');
      expect((await show()).cloned).toMatchObject({ kind: 'went-back' });
      const settled = await world.call('POST', `/v1/terminals/${id}/one-machine`, { token: here.manager });
      expect(settled.body.cloned).toBeNull();
      expect((await backup.signIn(id, 1)).status).toBe(201);
      expect((await machine.signIn(id, 1)).body.code).toBe('terminal-cloned');
    });

    it('is settled by a new claim, which neither of the two took part in', async () => {
      await machine.signIn(id, 1);
      await machine.copy().signIn(id, 1, { silent: true });
      const created = await world.call('POST', `/v1/terminals/${id}/claim-codes`, { token: here.manager });
      const fresh = new Machine(world);
      await fresh.claim(created.body.claimCode);
      expect((await fresh.signIn(id, 2)).status).toBe(201);
      expect(await show()).toMatchObject({ cloned: null, status: 'active' });
      const nothing = await world.call('POST', `/v1/terminals/${id}/one-machine`, { token: here.manager });
      expect(nothing.body.code).toBe('terminal-not-cloned');
    });
  });

  describe('given by a code', () => {
    let code: string;
    beforeEach(async () => {
      const elsewhere = await neighbourhood(world);
      const body = { communityId: elsewhere.communityId, entranceId: elsewhere.entranceId, name: 'Gate' };
      code = (await world.call('POST', '/v1/terminals', { token: elsewhere.manager, body })).body.claimCode;
    });

    it('is that of a machine that has the key: nobody takes a terminal from its place by naming its key', async () => {
      const named = machine.copy();
      expect((await named.claim(code, null)).body.code).toBe('wrong-credentials');
      expect((await named.claim(code, new Machine(world).identity)).body.code).toBe('wrong-credentials');
      expect((await machine.signIn(id, 1)).status).toBe(201);
      expect((await machine.claim(code)).status).toBe(201);
      expect((await show()).status).toBe('unclaimed');
    });

    it('may come from an older agent, which signs nothing, with a key of its own', async () => {
      expect((await new Machine(world).claim(code, null)).status).toBe(201);
    });
  });

  it('that signs in is told where the broker is, which may have moved since the claim', async () => {
    expect((await machine.signIn(id, 1)).body.brokerUrl).toBe('mqtts://broker.test:8883');
  });

  it('that was claimed and never reaches the broker is missed like any other', async () => {
    const missed = async () => {
      await world.app.watch.look();
      const query = `/v1/fleet/alarms?terminalId=${id}`;
      const { items } = (await world.call('GET', query, { token: world.operator })).body;
      return (items as { kind: string }[]).map(({ kind }) => kind);
    };
    expect(await show()).toMatchObject({ online: false, agentVersion: '0.1.0', lastSeenAt: world.clock.now() });
    world.clock.advance(minutes(9));
    expect(await missed()).toEqual([]);
    world.clock.advance(minutes(1));
    expect(await missed()).toEqual(['terminal-offline']);
  });

  describe('revoked', () => {
    const list = async (): Promise<{ subject: string; beforeSecond: number }[]> => {
      const { payload } = (await world.call('GET', '/v1/terminals/revocations')).body;
      return JSON.parse(payload).revoked;
    };
    const revoke = (terminal = id) => world.call('POST', `/v1/terminals/${terminal}/revoke`, { token: world.operator });
    const isListed = async () => (await list()).some(({ subject }) => subject === `terminal:${id}`);

    it('gets no token for a sign-in that was under way', async () => {
      await machine.signIn(id, 1);
      meanwhile = revoke;
      expect((await machine.signIn(id, 1)).body.code).toBe('conflict');
      expect((await machine.signIn(id, 1)).body.code).toBe('terminal-revoked');
    });

    it('is on the list for as long as somebody could have a token of it, and the list does not grow for ever', async () => {
      const long = { subject: `terminal:${newId('terminal')}`, beforeSecond: 1_700_000_000 };
      await its.store.tx(async (q) => void (await q.insert(q.t.revocations).values(long)));
      await revoke();
      const t = world.store.read.t.revocations;
      const kept = await world.store.read.select().from(t).where(eq(t.subject, long.subject));
      expect(kept).toEqual([]);
      world.clock.advance(hours(1));
      expect(await isListed()).toBe(true);
      world.clock.advance(hours(1));
      expect(await isListed()).toBe(false);
      expect((await machine.signIn(id, 1)).body.code).toBe('terminal-revoked');
    });
  });

  describe('with new keys', () => {
    it('signs in with the old key for a day and with the new one for good; what was sealed is sealed anew', async () => {
      const before = machine.copy();
      const { config } = (await show()).documents;
      const token = await tokenOf();
      expect(await machine.rotate(id, 1, token)).toMatchObject({ status: 200, body: { overlapMs: keyOverlapMs } });
      const after = await world.call('GET', `/v1/terminals/${id}/documents/config`, { token });
      expect(after.body.version).toBeGreaterThan(config.desired);
      expect(unseal(machine.sealing, shortLinkKeyPurpose, after.body.body.shortLinks.sealedKey)).toHaveLength(32);
      expect((await machine.signIn(id, 1)).status).toBe(201);
      before.session = machine.session;
      expect((await before.signIn(id, 1)).status).toBe(201);
      world.clock.advance(hours(24));
      expect((await before.signIn(id, 1)).body.code).toBe('wrong-credentials');
      expect((await show()).keysSince).toBeLessThan(world.clock.now());
    });

    it('that missed the answer asks again with the same keys, and nothing changes', async () => {
      const token = await tokenOf();
      const identity = new Machine(world).identity;
      const sealing = new Machine(world).sealing;
      expect((await machine.tellKeys(id, 1, token, identity, sealing)).status).toBe(200);
      const { documents, keysSince } = await show();
      expect((await machine.tellKeys(id, 1, token, identity, sealing)).status).toBe(200);
      expect(await show()).toMatchObject({ keysSince, documents: { config: { desired: documents.config.desired } } });
    });

    it('they must be signed by both: who stole a token gives the terminal no keys of their own', async () => {
      const token = await tokenOf();
      const thief = new Machine(world);
      const own = new Machine(world);
      const stolen = machine.copy();
      stolen.identity = { ...thief.identity, publicKey: machine.identity.publicKey };
      const answer = await stolen.tellKeys(id, 1, token, own.identity, own.sealing);
      expect(answer.body.code).toBe('wrong-credentials');
      const halfOwn = { ...own.identity, privateKey: thief.identity.privateKey };
      expect((await machine.tellKeys(id, 1, token, halfOwn, own.sealing)).body.code).toBe('wrong-credentials');
    });

    it('are asked for by the property, told at the next sign-in, until they are there', async () => {
      const asked = await world.call('POST', `/v1/terminals/${id}/key-rotation`, { token: here.manager });
      expect(asked.body.keysAskedAt).toBe(world.clock.now());
      const told = (await machine.signIn(id, 1)).body;
      expect(told.rotateKeys).toBe(true);
      await machine.rotate(id, 1, told.token);
      expect((await machine.signIn(id, 1)).body.rotateKeys).toBe(false);
      expect((await show()).keysAskedAt).toBeNull();
    });
  });

  describe('taken by another machine', () => {
    let fresh: Machine;
    const replace = async () => {
      const created = await world.call('POST', `/v1/terminals/${id}/claim-codes`, { token: here.manager });
      fresh = new Machine(world);
      await fresh.claim(created.body.claimCode);
    };

    it('is told by the revocation list in the same second, and the new one signs in all the same', async () => {
      const old = await tokenOf();
      await replace();
      const token = String((await fresh.signIn(id, 2)).body.token);
      expect(await may(token)).toBe(200);
      const { payload } = (await world.call('GET', '/v1/terminals/revocations')).body;
      const { revoked } = JSON.parse(payload) as { revoked: { subject: string; beforeSecond: number }[] };
      const second = Number(JSON.parse(Buffer.from(old.split('.')[1] ?? '', 'base64url').toString()).iat);
      const own = revoked.find(({ subject }) => subject === `terminal:${id}`);
      expect(own?.beforeSecond).toBeGreaterThanOrEqual(second);
    });

    it('that was revoked before hands in nothing', async () => {
      await machine.signIn(id, 1);
      await world.call('POST', `/v1/terminals/${id}/revoke`, { token: world.operator });
      await replace();
      expect((await machine.signIn(id, 1)).body.code).toBe('wrong-epoch');
    });

    // Last, as every session is over after so long.
    it('leaves the old one nothing but to hand in the rest of its journal, for thirty days', async () => {
      const old = await tokenOf();
      const batch = testJournal(world, { id, epoch: 1 }, 'health');
      const row = { kind: 'boot', body: { agentVersion: '1.0.0', unclean: false } };
      const send = (token: string, body: unknown) => world.call('POST', `/v1/terminals/${id}/journal`, { token, body });
      expect((await send(old, batch(row))).body.upTo).toBe(1);
      await replace();
      expect(await may(old)).toBe(401);
      const back = (await machine.signIn(id, 1)).body;
      expect(back.journalOnly).toBe(true);
      const asked = await world.call('GET', `/v1/terminals/${id}/desired`, { token: back.token });
      expect(asked.body.code).toBe('terminal-replaced');
      expect((await send(back.token, batch(row))).body.upTo).toBe(2);
      const forged = testJournal(world, { id, epoch: 2 }, 'health')(row);
      expect((await send(back.token, forged)).body.code).toBe('wrong-epoch');
      world.clock.advance(days(1));
      expect((await machine.signIn(id, 1)).body.journalOnly).toBe(true);
      world.clock.advance(handInMs);
      expect((await machine.signIn(id, 1)).body.code).toBe('wrong-epoch');
    });
  });
});
