import { instant, manualClock } from '@gatecast/firmware-protocol';
import { hint, stopContext, stopPreimage, topicsOf } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { keyBox } from '../platform/keys/key-box.ts';
import { createSigner, type Signer } from '../platform/keys/signer.ts';
import { stopAfterCommit, type ClipStop } from './stop-orders.ts';

const clock = manualClock(instant(1_795_000_000_000));
const terminals = 10_000;
const communities = 4_000;
const companies = 20;
const file = 'a'.repeat(64);
const communityOf = (i: number) => `comm_${i % communities}`;
const companyOf = (i: number) => `prop_${(i % communities) % companies}`;
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
    const parts = { store: its.store, signer: { ...signer, sign }, link };
    await its.store.tx(async (q) => {
      stopAfterCommit(parts, q, { clips: [file], at: clock.now(), ...order });
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

  it('of no file is none', async () => {
    let effects = 0;
    await its.store.tx(async (q) => {
      const counting = { ...q, afterCommit: () => void (effects += 1) };
      const link = { hint: async () => {} };
      stopAfterCommit({ store: its.store, signer, link }, counting, { clips: [], at: clock.now() });
    });
    expect(effects).toBe(0);
  });
});
