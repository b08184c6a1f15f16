import { after, days, halfHourMs, instant, localTime, manualClock, milliseconds } from '@gatecast/firmware-protocol';
import { asc, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import type { Jobs } from '../platform/jobs.ts';
import { noSums, summed, sumsOfReport, type DaySums } from './day-sums.ts';
import { daysOf, placementSums, sumsBy, sumsOf } from './day-store.ts';
import { sumOldReports } from './old-reports.ts';
import { clip, playOf, touchOf } from './play.fixture.ts';
import { report, type ReportParts } from './reports.ts';
import { addReport, reportsOf, type ReportRow } from './store.ts';

/** In Berlin clocks are changed in the night to 2026-03-29; in Kolkata days begin in the middle of an hour of UTC. */
const zones = { comm_a: 'Asia/Shanghai', comm_b: 'Europe/Berlin', comm_c: 'Asia/Kolkata' } as const;
type Place = keyof typeof zones;
const places = ['comm_a', 'comm_b', 'comm_c'] as const satisfies readonly Place[];
const campaignIds = ['camp_1', 'camp_2'];
const start = instant(Date.UTC(2026, 2, 27, 17));
const atOf = (n: number) => after(start, milliseconds(n * halfHourMs));

/** What is known of a half-hour: of one that was told before, perhaps more or less than then. Half-hours are few, so that many are told again. */
const telling = fc.record({
  communityId: fc.constantFrom(...places),
  at: fc.constantFrom(0, 13, 14, 27, 28, 60, 61, 62, 63, 110).map(atOf),
  plays: fc.array(
    fc.record({
      campaignId: fc.constantFrom(...campaignIds),
      touch: fc.constantFrom('tch_1', 'tch_2', 'tch_3', 'tch_unknown', null),
      viewable: fc.boolean(),
      completed: fc.boolean(),
      panel: fc.constantFrom('on' as const, 'off' as const),
      milliTouches: fc.nat(1_000),
      reached: fc.constantFrom(null, null, 'boo_1', 'boo_2'),
    }),
    { maxLength: 6 },
  ),
  missing: fc.nat(2),
  placement: fc.constantFrom('gate', 'unit-door', 'lift'),
  by: fc.constantFrom('this program', 'this program', 'an old program', 'an old program, and then the job runs'),
});
type Telling = typeof telling extends fc.Arbitrary<infer T> ? T : never;

const screen = { terminalId: 'term_a', entranceId: 'entr_a', placement: 'gate' } as const;
const shown = { muted: true, endReason: 'finished', panelBy: 'cec', measuredBy: 'frames' } as const;
const clock = manualClock(after(start, days(10)));
const events = { emit: async () => undefined, follow: never, newestId: never, prune: never, start: never, stop: never };
function never(): never {
  throw new Error('not called here');
}

describeStores('the sums of a day', (its) => {
  const communities = { get: async (_q: unknown, id: string) => ({ zone: zones[id as Place] }) };
  let keptSince = instant(0);

  const tell = ({ communityId, at, plays, missing, placement }: Telling): Promise<void> => {
    const about = { ...screen, ...shown, communityId };
    const parts: ReportParts = {
      campaigns: {
        buyersOf: async () => campaignIds.map((campaignId) => ({ campaignId, merchantId: 'mrch_1', touches: 1 })),
      },
      communities,
      plays: {
        keptSince: () => keptSince,
        of: async () => plays.map((over) => ({ ...playOf(over), ...about, ...over, halfHour: at })),
        touches: async () =>
          ['tch_1', 'tch_2', 'tch_3'].map((id) => ({
            ...touchOf(id),
            ...about,
            placement: id === 'tch_1' ? placement : 'gate',
            event: 'opening' as const,
            endedBy: 'timeout' as const,
          })),
        names: { of: async () => new Map([[clip, { title: '草莓', merchantId: null }]]) },
      },
      onReport: async () => undefined,
    };
    const away = Array.from({ length: missing }, (_, n) => `term_${n}`);
    const closing = { inService: () => away, closedBy: () => new Set<string>() };
    return its.store.tx((q) => report(q, { clock, events }, parts, { communityId, at, closing }));
  };

  /** As a program writes it that keeps no sums. */
  const tellAsBefore = ({ communityId, at, plays, missing }: Telling): Promise<void> =>
    its.store.tx(async (q) => {
      const key = { campaignId: campaignIds[0] ?? '', communityId, at };
      const version = ([...(await reportsOf(q, [key])).values()].flat().at(-1)?.version ?? 0) + 1;
      const counts = {
        rendered: plays.length,
        viewable: missing,
        completed: 1,
        verifiedMilliTouches: plays.length * 700,
      };
      const others = {
        panelOn: 1,
        ambient: 2,
        shownMs: 9,
        framesPresented: 9,
        framesDropped: 0,
        people: null,
        placements: null,
      };
      const row = { ...key, version, madeAt: clock.now(), missing, ...counts, ...others, filtered: { repeat: 3 } };
      await addReport(q, { ...row, day: null });
    });

  const job: { handler?: Parameters<Jobs['handle']>[1] } = {};
  const runJob = () => {
    sumOldReports(
      { store: its.store, jobs: { handle: (_kind, handler) => void (job.handler = handler) } },
      communities,
    );
    return job.handler?.run(
      {},
      { id: 'every', signal: new AbortController().signal, attempt: 1, held: async () => undefined },
    );
  };

  const newestOf = async (campaignId: string): Promise<ReportRow[]> => {
    const t = its.store.read.t.exposureReports;
    const rows = await its.store.read.select().from(t).where(eq(t.campaignId, campaignId)).orderBy(asc(t.version));
    return [...new Map(rows.map((row) => [`${row.communityId} ${row.at}`, row])).values()];
  };
  /** From the newest report of each half-hour, one by one. */
  const expected = async (): Promise<Map<string, DaySums>> => {
    const newest = (await Promise.all(campaignIds.map(newestOf))).flat();
    const named = ({ campaignId, communityId, at }: ReportRow) =>
      `${campaignId} ${localTime(at, zones[communityId as Place]).date} ${communityId}`;
    return new Map([...Map.groupBy(newest, named)].map(([name, of]) => [name, addUp(of.map(sumsOfReport))]));
  };
  const toldOfDoors = async (campaignId: string) => {
    const sums = new Map<string, number>();
    for (const { placements } of await newestOf(campaignId))
      for (const [placement, counts] of Object.entries(placements ?? {}))
        for (const [name, count] of Object.entries(counts))
          if (count > 0) sums.set(`${placement} ${name}`, (sums.get(`${placement} ${name}`) ?? 0) + count);
    return Object.fromEntries(sums);
  };
  const atDoors = async (campaignId: string) =>
    Object.fromEntries(
      (await placementSums(its.store.read, { campaignId })).flatMap(({ placement, ...counts }) =>
        Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [[`${placement} ${name}`, count]] : [])),
      ),
    );
  const kept = async () => {
    const all = await Promise.all(campaignIds.map((campaignId) => daysOf(its.store.read, { campaignId })));
    return new Map(
      all.flat().map(({ campaignId, day, communityId, ...sums }) => [`${campaignId} ${day} ${communityId}`, sums]),
    );
  };

  it('are those of the newest reports, however often these are restated and whoever wrote them', async () => {
    const stories = fc.array(telling, { minLength: 5, maxLength: 30 });
    await fc.assert(
      fc
        .asyncProperty(stories, async (story) => {
          for (const told of story) {
            await (told.by === 'this program' ? tell(told) : tellAsBefore(told));
            if (told.by === 'an old program, and then the job runs') await runJob();
          }
          await runJob();
          const sums = await expected();
          expect(await kept()).toEqual(sums);
          const of = (part: string) => [...sums].filter(([name]) => name.includes(part)).map(([, one]) => one);
          const total = await sumsOf(its.store.read, campaignIds);
          for (const campaignId of campaignIds) {
            expect(total.get(campaignId) ?? noSums).toEqual(addUp(of(campaignId)));
            expect(await atDoors(campaignId)).toEqual(await toldOfDoors(campaignId));
          }
        })
        .afterEach(async () => {
          await its.store.tx(async (q) => {
            await q.delete(q.t.exposureReports);
            await q.delete(q.t.exposureDays);
            await q.delete(q.t.exposureDayPlacements);
          });
        }),
      { numRuns: 8 },
    );
  });

  it('stay when the plays of their half-hours are no longer kept', async () => {
    const [communityId, at] = ['comm_a' as const, atOf(0)];
    const seen = { campaignId: 'camp_1', touch: 'tch_1', viewable: true, completed: true, panel: 'on' } as const;
    const told = {
      communityId,
      at,
      placement: 'lift' as const,
      plays: [{ ...seen, milliTouches: 1_000, reached: null }],
      missing: 0,
    };
    await tell({ ...told, by: 'this program' });
    const before = await kept();
    expect(before.get('camp_1 2026-03-28 comm_a')).toMatchObject({ halfHours: 1, verifiedMilliTouches: 1_000 });
    keptSince = after(at, halfHourMs);
    await tell({ ...told, plays: [], by: 'this program' });
    expect(await kept()).toEqual(before);
    keptSince = instant(0);
  });

  it('are told by day, by community, and of a span of days, in order', async () => {
    const one = { plays: [], missing: 1, placement: 'gate' as const, by: 'this program' as const };
    for (const [communityId, n] of [
      ['comm_b', 110],
      ['comm_a', 60],
      ['comm_b', 61],
      ['comm_c', 0],
    ] as const)
      await tell({ ...one, communityId, at: atOf(n) });
    const q = its.store.read;
    const [campaignId, from, to] = ['camp_1', '2026-03-29', '2026-03-29'];
    const daysAndPlaces = async (query: Parameters<typeof daysOf>[1], limit?: number) =>
      (await daysOf(q, query, limit)).map(({ day, communityId }) => `${day} ${communityId}`);
    expect(await daysAndPlaces({ campaignId })).toEqual([
      '2026-03-27 comm_c',
      '2026-03-28 comm_a',
      '2026-03-29 comm_a',
      '2026-03-29 comm_b',
      '2026-03-30 comm_b',
    ]);
    expect(await daysAndPlaces({ campaignId, from, to })).toEqual(['2026-03-29 comm_a', '2026-03-29 comm_b']);
    expect(await daysAndPlaces({ campaignId, communityIds: ['comm_b'] }, 1)).toEqual(['2026-03-29 comm_b']);
    expect(await sumsBy(q, 'day', { campaignId, from, to })).toMatchObject([
      { day: '2026-03-29', halfHours: 2, silentHalfHours: 2 },
    ]);
    const places = (await sumsBy(q, 'communityId', { campaignId })).map(({ communityId, halfHours }) => [
      communityId,
      halfHours,
    ]);
    expect(places).toEqual([
      ['comm_a', 2],
      ['comm_b', 2],
      ['comm_c', 1],
    ]);
    expect((await sumsOf(q, ['camp_1', 'camp_9'], { from: '2026-03-30' })).get('camp_1')).toMatchObject({
      halfHours: 1,
    });
    expect(await sumsOf(q, [])).toEqual(new Map());
  });
});

const addUp = (rows: readonly DaySums[]): DaySums =>
  rows.reduce(
    (sum, row) => Object.fromEntries(summed.map((name) => [name, sum[name] + row[name]])) as unknown as DaySums,
    noSums,
  );
