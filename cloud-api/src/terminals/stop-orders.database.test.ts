import { days, hours, instant, manualClock, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { hint, stopContext, stopPreimage, topicsOf } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { keyBox } from '../platform/keys/key-box.ts';
import { createSigner, type Signer } from '../platform/keys/signer.ts';
import { findTerminal } from './store.ts';
import { remindAfterCommit, stopAfterCommit, type ClipStop } from './stop-orders.ts';

const clock = manualClock(instant(1_795_000_000_000));
const terminals = 10_000;
const communities = 4_000;
const companies = 20;
const file = 'a'.repeat(64);
const communityOf = (i: number) => `comm_${i % communities}`;
const companyOf = (i: number) => `prop_${(i % communities) % companies}`;
const around = { clock, log: pino({ level: 'silent' }), config: { offlineClipDays: 30 } };
const idOf = (i: number) => `term_${String(i).padStart(26, '0')}`;

describeStores('an order to stop a clip', (its) => {
  const signer = createSigner(keyBox(Buffer.alloc(32, 7)), clock);

  beforeAll(async () => {
    await its.store.tx(async (q) => {
      for (let i = 0; i < companies; i += 1) await signer.ensure(q, 'door-authority', `prop_${i}`);
      const shares = { households: 500, familiesPpm: 0, commutersPpm: 0, elderlyPpm: 0 };
      const place = { name: '梧桐里', zone: 'Asia/Shanghai', createdAt: clock.now(), ...shares };
      await q.insertMany(
        q.t.communities,
        Array.from({ length: communities }, (_, i) => ({ id: communityOf(i), companyId: companyOf(i), ...place })),
      );
      const fleet = Array.from({ length: terminals }, (_, i) => i);
      const screen = { quietFromMinute: 0, quietToMinute: 0, volumePercent: 0, openMs: 5_000 };
      const machine = { name: '南门', status: 'active' as const, epoch: 1, protocol: 5, createdAt: clock.now() };
      await q.insertMany(
        q.t.terminals,
        fleet.map((i) => {
          const named = { id: idOf(i), no: i, communityId: communityOf(i), entranceId: `entr_${i}` };
          return { ...named, ...machine, ...screen };
        }),
      );
      await q.insertMany(
        q.t.terminalDocuments,
        fleet.map((i) => ({ terminalId: idOf(i), kind: 'media' as const, desired: 3 + (i % 5) })),
      );
    });
  });

  /** Has the files stopped; resolves with the hints that the line was handed, and how many times something was signed for them. */
  async function stop(order: Partial<ClipStop>, isOver: (told: ReadonlyMap<string, string>) => boolean) {
    const told = new Map<string, string>();
    const sign = vi.fn<Signer['sign']>((...about) => signer.sign(...about));
    const link = { hint: async (topic: string, payload: string) => void told.set(topic, payload) };
    const parts = { ...around, store: its.store, signer: { ...signer, sign }, link };
    await its.store.tx(async (q) => {
      await stopAfterCommit(parts, q, { clips: [file], at: clock.now(), ...order });
      expect(told.size).toBe(0);
    });
    const beganAt = performance.now();
    await vi.waitFor(() => expect(isOver(told)).toBe(true), { timeout: 60_000, interval: 5 });
    return { told, signed: sign.mock.calls.length, ms: performance.now() - beganAt };
  }
  const heardBy = (told: ReadonlyMap<string, string>, i: number) =>
    hint.parse(JSON.parse(told.get(topicsOf(idOf(i)).hint) ?? 'null'));

  it('is on the line to ten thousand terminals after one signature a company, and nothing is made for any of them', async () => {
    const { told, signed, ms } = await stop({}, ({ size }) => size === terminals);
    console.info(`${its.dialect}: ${terminals} orders to stop on the line after ${Math.round(ms)} ms`);
    expect(signed).toBe(companies);
    for (const i of [0, 1, terminals - 1]) {
      const { kind, version, stop: order } = heardBy(told, i);
      expect([kind, version, order?.clips, order?.at]).toEqual(['media', 3 + (i % 5), [file], clock.now()]);
      const own = await signer.publicKey(its.store.read, 'door-authority', companyOf(i));
      const other = await signer.publicKey(its.store.read, 'door-authority', companyOf(i + 1));
      const isBy = (key: typeof own) =>
        order !== undefined && signer.verify(key, stopContext, stopPreimage(order), order.signature.value);
      expect([isBy(own), isBy(other), order?.signature.kid]).toEqual([true, false, own.kid]);
    }
    const [made] = await its.store.read.select().from(its.store.read.t.documentVersions).limit(1);
    expect(made).toBeUndefined();
  });

  it('goes to the communities that it concerns, and to no terminal that would not understand it', async () => {
    const t = its.store.read.t.terminals;
    const [old, gone] = [idOf(7), idOf(communities + 7)];
    await its.store.tx(async (q) => {
      await q.update(t).set({ protocol: 4 }).where(eq(t.id, old));
      await q.update(t).set({ status: 'revoked' }).where(eq(t.id, gone));
    });
    const { told, signed } = await stop({ communityIds: ['comm_7', 'comm_8'] }, ({ size }) => size === 4);
    const expected = [idOf(2 * communities + 7), ...[0, 1, 2].map((n) => idOf(n * communities + 8))];
    expect([...told.keys()].toSorted()).toEqual(expected.map((id) => topicsOf(id).hint).toSorted());
    expect(signed).toBe(2);
  });

  it('is told again to a terminal that connects with a manifest from before it, and to no other', async () => {
    const orderedAt = clock.now();
    const i = 11;
    const madeAt = (version: number, at: InstantMs) => ({
      terminalId: idOf(i),
      kind: 'media' as const,
      version,
      hash: `${version}`,
      body: {},
      signature: null,
      at,
    });
    const remind = async (inForce: number | undefined, of = i) => {
      const told: unknown[] = [];
      const link = { hint: async (_topic: string, payload: string) => void told.push(hint.parse(JSON.parse(payload))) };
      const effects: (() => unknown)[] = [];
      await its.store.tx(async (q) => {
        const terminal = await findTerminal(q, { id: idOf(of) });
        const later = { ...q, afterCommit: (effect: () => unknown) => void effects.push(effect) };
        if (terminal) await remindAfterCommit({ ...around, store: its.store, signer, link }, later, terminal, inForce);
      });
      for (const effect of effects) await effect();
      return told;
    };
    await its.store.tx(async (q) => {
      await q.delete(q.t.stopOrders);
      await q
        .insert(q.t.entrances)
        .values({ id: `entr_${i}`, communityId: communityOf(i), name: '南门', placement: 'gate' });
      await q.insertMany(q.t.documentVersions, [
        madeAt(1, instant(orderedAt - hours(1))),
        madeAt(2, instant(orderedAt + minutes(2))),
      ]);
      const link = { hint: async () => {} };
      const parts = { ...around, store: its.store, signer, link };
      await stopAfterCommit(parts, q, { clips: [file], at: orderedAt, communityIds: [communityOf(i)] });
      await stopAfterCommit(parts, q, { clips: ['b'.repeat(64)], at: orderedAt, communityIds: ['comm_elsewhere'] });
    });
    const stop = { clips: [file], at: orderedAt };
    expect(await remind(1)).toMatchObject([{ kind: 'media', version: 1, stop }]);
    expect(await remind(2)).toEqual([]);
    expect(await remind(undefined)).toEqual([]);
    // A manifest that nobody remembers is from before.
    expect(await remind(77)).toMatchObject([{ stop }]);
    // What no manifest can name any more is forgotten with the next order.
    clock.advance(days(31));
    await its.store.tx((q) => {
      const parts = { ...around, store: its.store, signer, link: { hint: async () => {} } };
      return stopAfterCommit(parts, q, { clips: ['c'.repeat(64)], at: clock.now(), communityIds: ['comm_elsewhere'] });
    });
    expect((await its.store.read.select().from(its.store.read.t.stopOrders)).map(({ clips }) => clips)).toEqual([
      ['c'.repeat(64)],
    ]);
  });

  it('of no file is none', async () => {
    let effects = 0;
    await its.store.tx(async (q) => {
      const counting = { ...q, afterCommit: () => void (effects += 1) };
      const link = { hint: async () => {} };
      await stopAfterCommit({ ...around, store: its.store, signer, link }, counting, { clips: [], at: clock.now() });
    });
    expect(effects).toBe(0);
  });
});
