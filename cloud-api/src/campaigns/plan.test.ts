import { instant, minutes, newId } from '@gatecast/firmware-protocol';
import { mediaManifest, plan as planSchema, spreadMsMax, type MediaClip } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedAudience } from '../audience/day-curve.ts';
import { makeManifest, makePlan, owedByTerminal, spreadMsFor, type PaidSlot, type PlanInput } from './plan.ts';

const dayStart = instant(Date.parse('2026-11-21T16:00:00Z'));
const halfHour = (n: number) => instant(dayStart + n * 1_800_000);
const clip = (digit: string): MediaClip => ({
  sha256: digit.repeat(64),
  bytes: 1_000,
  durationMs: 8_000,
  width: 720,
  height: 1280,
  title: `clip ${digit}`,
  advertiser: null,
  hasDeal: false,
  neededAt: instant(0),
  until: null,
  approvedAt: instant(0),
  poster: null,
});
const slot = (n: number, touches: number, over: Partial<PaidSlot> = {}): PaidSlot => ({
  campaign: newId('campaign'),
  campaignNo: 7,
  advertiser: newId('merchant'),
  trade: null,
  at: halfHour(n),
  touches,
  segment: 'all',
  placement: 'any',
  sharePpm: null,
  cap: null,
  clip: clip('a'),
  ...over,
});
const input = (over: Partial<PlanInput> = {}): PlanInput => ({
  zone: 'Asia/Shanghai',
  dayStart,
  from: halfHour(15),
  audience: expectedAudience({ households: 500, profile: { families: 1, commuters: 1, elderly: 1 } }),
  slots: [],
  house: [{ clip: clip('f'), segment: 'families' }],
  notices: [],
  terminal: { entrance: newId('entrance'), placement: 'gate' },
  terminals: 1,
  exact: new Set(),
  here: () => ({ part: 1, worthPpm: () => 400_000 }),
  spacingAt: () => ({ gapMs: minutes(1), expectedTouches: 100 }),
  ...over,
});

describe('the plan of a screen', () => {
  it('is a plan by the message schema, and its manifest names exactly its files', () => {
    const made = input({ slots: [slot(20, 5), slot(20, 5, { clip: clip('b') }), slot(3, 9, { clip: clip('c') })] });
    const plan = makePlan(made);
    expect(planSchema.parse(plan)).toEqual(plan);
    const manifest = makeManifest(plan, { ...made, takenDown: [], spreadMs: 0 });
    expect(
      mediaManifest
        .parse(manifest)
        .clips.map((c) => c.title)
        .sort(),
    ).toEqual(['clip a', 'clip b', 'clip f']);
  });

  it('is told its files in the order of need, and until when each may play', () => {
    const endsFirst = { ...clip('c'), until: halfHour(30) };
    const made = input({
      slots: [slot(60, 1, { clip: clip('b') }), slot(20, 5, { clip: endsFirst }), slot(70, 1, { clip: endsFirst })],
    });
    const plan = makePlan(made);
    const gone = 'd'.repeat(64);
    const told = { ...made, takenDown: [gone, clip('b').sha256], spreadMs: 100 };
    const { clips, signedOnly, takenDown, spreadMs } = makeManifest(plan, told);
    expect([signedOnly, takenDown, spreadMs]).toEqual([true, [gone], 100]);
    expect(clips.map(({ title, neededAt, until }) => [title, neededAt, until])).toEqual([
      ['clip f', 0, null],
      ['clip c', halfHour(20), halfHour(30)],
      ['clip b', halfHour(60), null],
    ]);
  });

  it('is fetched by ten screens a second at most, however many there are, and told anew only when they have doubled', () => {
    expect([0, 1, 63, 64, 65, 128, 10_000].map(spreadMsFor)).toEqual([0, 0, 0, 6_400, 12_800, 12_800, 1_638_400]);
    expect(spreadMsFor(1e9)).toBe(spreadMsMax);
  });

  it('owes a single screen exactly what was paid, and adds up two bookings of a campaign', () => {
    const first = slot(20, 5);
    const { cells } = makePlan(input({ slots: [first, { ...first, touches: 7 }] }));
    expect(cells).toHaveLength(1);
    expect(cells[0]?.entries).toMatchObject([{ remaining: 12, sharePpm: 1_000_000, consent: false }]);
  });

  it('plays what is planned over many half-hours at its fraction, and gives the rest to what has only this one', () => {
    const planned = slot(20, 50, { sharePpm: 300_000 });
    const { cells } = makePlan(input({ slots: [planned, slot(20, 10), slot(20, 30)] }));
    expect(cells[0]?.entries.map((e) => e.sharePpm)).toEqual([300_000, 175_000, 525_000]);
    const alone = makePlan(input({ slots: [planned], here: () => ({ part: 0.2, worthPpm: () => 0 }) })).cells[0];
    // A fifth of 50 touches, and 1.5 times the root of that.
    expect(alone?.entries).toMatchObject([{ sharePpm: 300_000, remaining: 15 }]);
  });

  it('plays at the doors that were bought, and nowhere else', () => {
    const gate = slot(20, 5, { placement: 'gate', sharePpm: 100_000 });
    const lift = slot(20, 5, { placement: 'lift', sharePpm: 100_000 });
    const { cells } = makePlan(input({ slots: [gate, lift] }));
    expect(cells.flatMap(({ entries }) => entries.map(({ campaign }) => campaign))).toEqual([gate.campaign]);
  });

  it('says of a segment what part of all touches it takes, what each counts, and the same for older screens', () => {
    const families = slot(20, 5, { segment: 'families', sharePpm: 100_000 });
    const { cells } = makePlan(input({ slots: [families, slot(20, 5, { sharePpm: 200_000 })] }));
    expect(cells).toMatchObject([
      { segment: 'all', entries: [{ sharePpm: 200_000 }] },
      { segment: 'families', worthPpm: 400_000, entries: [{ touchSharePpm: 100_000, sharePpm: 250_000 }] },
    ]);
  });

  it('says where somebody who named a group is counted by it: where ten did, and of that group alone', () => {
    const slots = [slot(20, 5, { segment: 'families' }), slot(20, 5, { segment: 'elderly' }), slot(20, 5)];
    const { cells } = makePlan(input({ slots, exact: new Set(['families']) }));
    expect(Object.fromEntries(cells.map(({ segment, exact }) => [segment, exact]))).toEqual({
      all: undefined,
      families: true,
      elderly: undefined,
    });
  });

  it('gives all alike where fractions of two plans meet that are more than the whole', () => {
    const { cells } = makePlan(
      input({ slots: [slot(20, 5, { sharePpm: 900_000 }), slot(20, 5, { sharePpm: 600_000 })] }),
    );
    expect(cells[0]?.entries.map((e) => e.sharePpm)).toEqual([600_000, 400_000]);
  });

  it('caps a campaign that wants it, and no other', () => {
    const cap = { plays: 2, windowMs: 86_400_000 };
    const { cells } = makePlan(
      input({ slots: [slot(20, 5, { campaign: 'camp_a', cap }), slot(20, 5, { campaign: 'camp_b' })] }),
    );
    expect(cells[0]?.entries.map((e) => e.cap)).toEqual([cap, null]);
  });

  it('keeps competitors apart, and nobody else', () => {
    const [noodles, dumplings] = ['mer_noodles', 'mer_dumplings'];
    const of = (...slots: PaidSlot[]) => makePlan(input({ slots })).cells[0]?.entries.map((e) => e.separation);
    const food = (advertiser: string) => slot(20, 5, { advertiser, trade: 'food' });
    const apart = { group: 'food', ms: minutes(1) };
    expect(of(food(noodles), food(dumplings), slot(20, 5, { trade: 'goods' }), slot(20, 5))).toEqual([
      { ...apart, advertiser: noodles },
      { ...apart, advertiser: dumplings },
      null,
      null,
    ]);
    expect(of(food(noodles), food(noodles))).toEqual([null, null]);
  });

  it('leaves out half-hours that are over or more than a week away', () => {
    const { cells } = makePlan(input({ slots: [slot(14, 1), slot(15, 1), slot(48 * 7 - 1, 1), slot(48 * 7, 1)] }));
    expect(cells.map((c) => c.at)).toEqual([halfHour(15), halfHour(48 * 7 - 1)]);
  });

  it('speaks of lift calls in the lift', () => {
    const lift = input({ slots: [slot(20, 1)], terminal: { entrance: newId('entrance'), placement: 'lift' } });
    expect(makePlan(lift).cells[0]).toMatchObject({ event: 'lift-call', placement: 'lift' });
  });

  it('keeps its shares within the whole and its screens together above what was booked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (touches, terminals) => {
          const entries =
            makePlan(input({ terminals, slots: touches.map((n) => slot(20, n)) })).cells[0]?.entries ?? [];
          const shares = entries.reduce((sum, e) => sum + e.sharePpm, 0);
          return shares <= 1_000_000 && touches.every((n) => owedByTerminal(n, terminals) * terminals >= n);
        },
      ),
    );
  });
});
