import { halfHourMs, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { plan as planMessage } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makePlan, type PaidSlot } from '../../cloud-api/src/campaigns/plan.ts';
import { choose } from '../../edge-agent/src/player/choose.ts';
import { emptyPlanState } from '../../edge-agent/src/player/plan-state.ts';

const dayStart = instant(Date.parse('2026-11-21T16:00:00Z'));
const at = instant(dayStart + 16 * halfHourMs);
const entrance = newId('entrance');
const sha256 = (n: number) => n.toString(16).padStart(64, '0');

const slot = (n: number, touches: number, advertiser: string, trade: string | null): PaidSlot => ({
  campaign: newId('campaign'),
  campaignNo: n,
  advertiser,
  trade,
  at,
  touches,
  segment: 'all',
  placement: 'any',
  sharePpm: null,
  cap: null,
  clip: {
    sha256: sha256(n),
    bytes: 1_000,
    durationMs: 6_000,
    width: 720,
    height: 1_280,
    title: `clip ${n}`,
    advertiser,
    hasDeal: false,
    neededAt: at,
    until: null,
    approvedAt: dayStart,
    poster: null,
  },
});
const touchesExpected = 60;

/** Two eateries and a shop, in the plan that the cloud makes of what they bought. */
const planFor = (touches: readonly [number, number, number]) =>
  planMessage.parse(
    makePlan({
      zone: 'Asia/Shanghai',
      dayStart,
      from: at,
      audience: [],
      slots: [
        slot(1, touches[0], 'noodles', 'food'),
        slot(2, touches[1], 'dumplings', 'food'),
        slot(3, touches[2], 'shoes', 'goods'),
      ],
      house: [],
      notices: [],
      terminal: { entrance, placement: 'gate' },
      terminals: 1,
      exact: new Set(),
      here: () => ({ part: 1, worthPpm: () => 0 }),
      spacingAt: () => ({ gapMs: minutes(1), expectedTouches: touchesExpected }),
    }),
  );

const bought = fc.tuple(
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 12 }),
);
/**
 * When people come in the half-hour: as many as were expected, at random. Without bias and unshrunk: a half-hour in
 * which all come in its first second is no plan's to serve.
 */
const arrivals = fc
  .noShrink(
    fc.noBias(
      fc.array(fc.integer({ min: 0, max: halfHourMs - 1 }), { minLength: touchesExpected, maxLength: touchesExpected }),
    ),
  )
  .map((some) => some.toSorted((a, b) => a - b));

it('two competitors get what they bought, and stand apart on the screen as the plan says', () => {
  fc.assert(
    fc.property(bought, arrivals, (touches, times) => {
      const plan = planFor(touches);
      const entries = plan.cells.flatMap((cell) => cell.entries);
      const cached = new Set(entries.map(({ clip }) => clip));
      let state = emptyPlanState;
      const shown: { readonly at: number; readonly campaign: string }[] = [];
      times.forEach((ms, n) => {
        const now = instant(at + ms);
        const whoever = { entrance, event: 'opening' as const, unbillable: null, pseudonym: null, shownBefore: [] };
        const turn = choose(state, { plan, cached, ...whoever, now, decision: `dec_${n}` });
        state = turn.state;
        if (turn.choice?.campaign) shown.push({ at: now, campaign: turn.choice.campaign });
      });
      const got = entries.map(({ campaign }) => shown.filter((s) => s.campaign === campaign).length);
      const eateries = entries.filter(({ separation }) => separation !== null);
      const food = shown.filter((s) => eateries.some(({ campaign }) => campaign === s.campaign));
      food.forEach((s, n) => {
        const before = food[n - 1];
        if (before && before.campaign !== s.campaign)
          expect(s.at - before.at).toBeGreaterThanOrEqual(eateries[0]?.separation?.ms ?? 0);
      });
      // Whoever bought little is the last that an unlucky half-hour leaves something to.
      const all = touches.reduce((a, b) => a + b, 0);
      expect(got.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(all - 1);
    }),
    { numRuns: 300 },
  );
});
