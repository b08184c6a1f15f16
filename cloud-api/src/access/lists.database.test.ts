import { days, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { accessList, canonicalJson } from '@gatecast/firmware-protocol/messages';
import { codeKeyPurpose, sha256Hex, unseal } from '@gatecast/firmware-protocol/node';
import { hourOf, passEpoch } from '@gatecast/firmware-protocol/pass';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import {
  keyFolder,
  listWorld,
  newCredential,
  newPlace,
  taken,
  told,
  type KeyFolder,
  type ListWorld,
  type Place,
} from './list-world.fixture.ts';

describeStores('access lists', (its) => {
  let folder: KeyFolder;
  let world: ListWorld;
  let place: Place;

  beforeAll(async () => {
    folder = keyFolder();
    world = listWorld(its.store, folder);
    await world.platform.start();
    await world.lists.start();
  });
  beforeEach(async () => {
    place = await newPlace(world, 2);
    await world.lists.settled();
  });
  afterAll(async () => {
    await world.lists.stop();
    await world.platform.stop();
    folder.remove();
  });

  const grant = async (in_: ListWorld, ...changes: Parameters<typeof newCredential>[1][]): Promise<string[]> =>
    in_.store.tx(async (q) => {
      const rows = changes.map((change) => newCredential(place.communityId, change));
      for (const row of rows) await q.insert(q.t.credentials).values(row);
      const ids = rows.map(({ id }) => id);
      await in_.lists.publish(q, place.communityId, ids);
      return ids;
    });
  const revoke = async (in_: ListWorld, id: string): Promise<void> =>
    in_.store.tx(async (q) => {
      await q.update(q.t.credentials).set({ revokedAt: in_.clock.now() }).where(eq(q.t.credentials.id, id));
      await in_.lists.publish(q, place.communityId, [id]);
    });
  const gate = () => place.terminals[0]?.id ?? '';
  const listAt = async (terminalId: string) => {
    const list = taken((await told(world, terminalId)).answer);
    if (!list) throw new Error('the list has not the hash that was signed');
    accessList.parse(list.body);
    return list;
  };
  const report = (terminalId: string, version: number) =>
    world.terminals.report(terminalId, { kind: 'access', version, state: 'applied' });

  it('tell of a burst of changes in one version a terminal', async () => {
    const before = (await listAt(gate())).version;
    await world.lists.stop();
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(...(await grant(world, {})));
    for (const id of ids.slice(0, 5)) await revoke(world, id);
    await world.lists.start();
    await world.lists.settled();
    const { version, body } = await listAt(gate());
    expect(version).toBe(before + 1);
    expect(body.credentials.map(({ id }) => id)).toEqual(ids.slice(5).sort());
    expect(body.deny).toEqual(ids.slice(0, 5).sort());
  });

  it('know at once how many terminals a change concerns, and exactly which have it in force', async () => {
    const [here, there] = place.terminals;
    const [everywhere = '', only = ''] = await grant(world, {}, { entranceIds: [here?.entranceId ?? ''] });
    const waiting = { version: null, applied: false, confirmedAt: null };
    const first = await world.lists.deliveryOf(world.store.read, [everywhere, only]);
    expect(first.get(everywhere)).toEqual(place.terminals.map(({ id }) => ({ terminalId: id, ...waiting })).sort(byId));
    expect(first.get(only)).toEqual([{ terminalId: here?.id, ...waiting }]);
    await world.lists.settled();
    const { version } = await listAt(gate());
    await report(gate(), version);
    const second = await world.lists.deliveryOf(world.store.read, [everywhere]);
    expect(second.get(everywhere)).toContainEqual({
      terminalId: here?.id,
      version,
      applied: true,
      confirmedAt: world.clock.now(),
    });
    expect(second.get(everywhere)).toContainEqual(expect.objectContaining({ terminalId: there?.id, applied: false }));
    await revoke(world, everywhere);
    const third = await world.lists.deliveryOf(world.store.read, [everywhere]);
    expect(third.get(everywhere)?.map(({ applied }) => applied)).toEqual([false, false]);
    await world.lists.settled();
    const fourth = (await world.lists.deliveryOf(world.store.read, [everywhere])).get(everywhere) ?? [];
    expect(fourth.map(({ applied }) => applied)).toEqual([false, false]);
    expect(fourth.find(({ terminalId }) => terminalId === gate())?.version).toBe(version + 1);
  });

  it('are told as differences, and what was revoked is one id and a head', async () => {
    const ids = await grant(world, ...Array.from({ length: 100 }, () => ({})));
    await world.lists.settled();
    const before = await listAt(gate());
    await revoke(world, ids[0] ?? '');
    await world.lists.settled();
    const { answer, text } = await told(world, gate(), before.version);
    expect('delta' in answer && answer.delta).toMatchObject({ from: before.version, set: [], remove: [ids[0]] });
    expect(text.length - JSON.stringify('delta' in answer && answer.delta.head).length).toBeLessThan(600);
    expect(taken(answer, before)).toEqual(await listAt(gate()));
    expect((await told(world, gate(), before.version + 7)).answer).toHaveProperty('body');
  });

  it('are made although the process died after the commit', async () => {
    await world.lists.stop();
    const [id = ''] = await grant(world, {});
    expect((await listAt(gate())).body.credentials).toEqual([]);
    const next = listWorld(its.store, folder);
    await next.lists.start();
    await next.lists.settled();
    await next.lists.stop();
    expect((await listAt(gate())).body.credentials).toMatchObject([{ id }]);
    await world.lists.start();
  });

  it('are made once, by whichever of two processes is first', async () => {
    const other = listWorld(its.store, folder);
    await other.lists.start();
    const before = (await listAt(gate())).version;
    const made = await Promise.all(Array.from({ length: 12 }, (_, n) => grant(n % 2 === 0 ? world : other, {})));
    await Promise.all([world.lists.settled(), other.lists.settled()]);
    await other.lists.stop();
    const { body, version } = await listAt(gate());
    expect(body.credentials.map(({ id }) => id)).toEqual(made.flat().sort());
    const { documentVersions: t } = world.store.read.t;
    const versions = await world.store.read
      .select({ version: t.version, hash: t.hash })
      .from(t)
      .where(and(eq(t.terminalId, gate()), eq(t.kind, 'access')));
    expect(new Set(versions.map(({ hash }) => hash)).size).toBe(versions.length);
    expect(version - before).toBeLessThanOrEqual(12);
  });

  it('follow entrances, schedules, holidays and time', async () => {
    const [here, there] = place.terminals;
    const scheduleId = newId('schedule');
    await world.store.tx(async (q) => {
      const windows = [{ days: [1], window: { fromMinute: 540, toMinute: 1_020 }, entrances: null }];
      const row = {
        id: scheduleId,
        communityId: place.communityId,
        name: 'Days',
        windows,
        createdAt: world.clock.now(),
      };
      await q.insert(q.t.accessSchedules).values(row);
      await q.insert(q.t.holidays).values({ communityId: place.communityId, date: '2027-01-01' });
    });
    const [bound = '', timed = '', brief = ''] = await grant(
      world,
      { entranceIds: [here?.entranceId ?? ''] },
      { scheduleId },
      { to: instant(world.clock.now() + minutes(10)) },
    );
    await world.lists.settled();
    const atHere = (await listAt(here?.id ?? '')).body;
    expect(atHere.credentials.map(({ id }) => id)).toEqual([bound, timed, brief].sort());
    expect(atHere.schedules).toMatchObject([{ windows: [{ days: [1] }] }]);
    expect(atHere.holidays).toEqual(['2027-01-01']);
    expect(atHere.credentials.find(({ id }) => id === timed)?.schedule).toBe(0);
    expect((await listAt(there?.id ?? '')).body.credentials.map(({ id }) => id)).toEqual([timed, brief].sort());
    world.clock.advance(minutes(11));
    await grant(world, {});
    await world.lists.settled();
    expect((await listAt(gate())).body.credentials.map(({ id }) => id)).not.toContain(brief);
  });

  it('stay proven when it is forgotten who confirmed them when', async () => {
    const [id = ''] = await grant(world, {});
    await world.lists.settled();
    for (const { id: terminalId } of place.terminals) await report(terminalId, (await listAt(terminalId)).version);
    const noted = async () => {
      const t = world.store.read.t.accessDeliveries;
      return (await world.store.read.select().from(t).where(eq(t.credentialId, id))).length;
    };
    expect(await noted()).toBe(2);
    const forget = async () => {
      const t = world.store.read.t.jobs;
      await world.store.tx(async (q) => {
        await q
          .update(q.t.jobs)
          .set({ runAt: instant(0) })
          .where(eq(q.t.jobs.id, 'every:access.forget-deliveries'));
      });
      await vi.waitFor(async () => {
        const [job] = await world.store.read.select().from(t).where(eq(t.id, 'every:access.forget-deliveries'));
        expect(job?.runAt).toBeGreaterThan(world.clock.now());
      });
    };
    world.clock.advance(days(29));
    await forget();
    expect(await noted()).toBe(2);
    world.clock.advance(days(2));
    await forget();
    expect(await noted()).toBe(0);
    const deliveries = (await world.lists.deliveryOf(world.store.read, [id])).get(id) ?? [];
    expect(deliveries.map(({ applied, confirmedAt }) => [applied, confirmedAt])).toEqual([
      [true, null],
      [true, null],
    ]);
  });

  it('have place for a hundred schedules, however many there were', async () => {
    const windows = [{ days: [1], window: { fromMinute: 0, toMinute: 60 }, entrances: null }];
    const addSchedule = async (day: number): Promise<string> => {
      const id = newId('schedule');
      const row = { id, communityId: place.communityId, name: 'Cleaning', createdAt: world.clock.now() };
      await world.store.tx(async (q) => {
        await q
          .insert(q.t.accessSchedules)
          .values({ ...row, windows: windows.map((one) => ({ ...one, days: [day] })) });
      });
      return id;
    };
    const [standing = ''] = await grant(world, { scheduleId: await addSchedule(7) });
    for (const day of [1, 2, 3]) {
      const scheduleId = await addSchedule(day);
      const [id = ''] = await grant(world, { scheduleId });
      await world.lists.settled();
      const { schedules, credentials } = (await listAt(gate())).body;
      const daysOf = (of: string) =>
        schedules[credentials.find((one) => one.id === of)?.schedule ?? -1]?.windows.map((one) => one.days);
      expect([schedules.length, daysOf(id), daysOf(standing)]).toEqual([2, [[day]], [[7]]]);
      await revoke(world, id);
      await world.store.tx(async (q) => {
        await q.delete(q.t.accessSchedules).where(eq(q.t.accessSchedules.id, scheduleId));
      });
    }
  });

  describe('keys of passes', () => {
    const epochs = () => passEpoch(hourOf(world.clock.now()));
    const actor = { kind: 'account', accountId: 'acct_1', sessionId: 's', scopes: null, role: 'operator' } as const;

    it('are of the last week, this one and five to come, sealed to each terminal, and roll on with the weeks', async () => {
      const [here] = place.terminals;
      const list = (await listAt(gate())).body;
      expect(list.passes?.codeKeys.map(({ epoch }) => epoch - epochs())).toEqual([-1, 0, 1, 2, 3, 4, 5]);
      const epoch = epochs() + 5;
      const box = list.passes?.codeKeys.find((one) => one.epoch === epoch)?.sealed ?? '';
      if (!here) throw new Error('there is a gate');
      const key = await world.passKeys.codeKey(world.store.read, place.communityId, epoch);
      expect(unseal(here.sealing, codeKeyPurpose(epoch), box)).toEqual(key);
      const issuer = await world.passKeys.issuer(world.store.read, place.communityId);
      expect(list.passes?.issuers).toEqual([{ kid: issuer.kid, publicKey: issuer.publicKey }]);
      expect(list.passes?.doors).toEqual([{ entrance: here.entranceId, no: expect.any(Number) }]);

      world.clock.advance(days(7));
      await world.store.tx((q) => world.lists.publish(q, place.communityId, []));
      await world.lists.settled();
      const next = (await listAt(gate())).body.passes?.codeKeys ?? [];
      expect(next.map((one) => one.epoch - epochs())).toEqual([-1, 0, 1, 2, 3, 4, 5]);
      expect(next.find((one) => one.epoch === epoch)?.sealed).toBe(box);
    });

    it('begin anew at a roll: passes and codes from before are void', async () => {
      const offline = { codeNo: 77, generation: 1, to: instant(world.clock.now() + days(1)) };
      const [code = '', online = ''] = await grant(world, offline, {});
      await world.lists.settled();
      const before = (await listAt(gate())).body;
      const generation = await world.store.tx((q) => world.passKeys.roll(q, actor, place.communityId));
      expect(generation).toBe(2);
      await world.lists.settled();
      const after = (await listAt(gate())).body;
      expect(after.credentials.map(({ id }) => id)).toEqual([online]);
      expect(after.deny).toEqual([code]);
      expect(after.passes?.issuers).not.toEqual(before.passes?.issuers);
      const boxes = (list: typeof after) => list.passes?.codeKeys.map(({ sealed }) => sealed) ?? [];
      expect(boxes(after).filter((box) => boxes(before).includes(box))).toEqual([]);
      expect(after.pinKeys).toEqual(before.pinKeys);
    });

    it('name each entrance by a number that it keeps', async () => {
      const numbers = () => world.store.tx((q) => world.passKeys.doorNumbers(q, place.communityId));
      const before = await numbers();
      expect(new Set(before.values())).toEqual(new Set([1, 2]));
      const entrance = newId('entrance');
      const row = { id: entrance, communityId: place.communityId, name: 'New', placement: 'gate' } as const;
      await world.store.tx((q) =>
        q
          .insert(q.t.entrances)
          .values(row)
          .then(() => undefined),
      );
      expect(await numbers()).toEqual(new Map([...before, [entrance, 3]]));
    });
  });

  it('stay small: one head a terminal, and a few words for each version before', async () => {
    for (let n = 0; n < 15; n += 1) {
      await grant(world, {});
      await world.lists.settled();
    }
    const { documentVersions: t } = world.store.read.t;
    const kept = await world.store.read
      .select()
      .from(t)
      .where(and(eq(t.terminalId, gate()), eq(t.kind, 'access')));
    expect(kept.length).toBeGreaterThanOrEqual(10);
    const newest = Math.max(...kept.map(({ version }) => version));
    for (const { version, body } of kept) if (version < newest) expect(body).toEqual({});
    const { hash } = await listAt(gate());
    expect(hash).toBe(sha256Hex(canonicalJson((await listAt(gate())).body)));
  });
});

const byId = (a: { readonly terminalId: string }, b: { readonly terminalId: string }): number =>
  a.terminalId < b.terminalId ? -1 : 1;
