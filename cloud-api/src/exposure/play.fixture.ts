import { instant } from '@gatecast/firmware-protocol';
import type { ReportedPlay, ReportedTouch, Traffic } from './filter.ts';

export const clip = 'a'.repeat(64);
const began = instant(1_770_000_000_000);
let plays = 0;

/** A play that counts, unless `over` says otherwise. */
export const playOf = (over: Partial<ReportedPlay> = {}): ReportedPlay => {
  plays += 1;
  return {
    id: `term_a:1:${String(plays).padStart(9, '0')}`,
    decision: `dec_${plays}`,
    touch: 'tch_1',
    billable: true,
    clip,
    startedAt: began,
    writtenAt: instant(began + 8_000),
    clockQuality: 'synced',
    rendered: true,
    viewable: true,
    completed: true,
    shownMs: 5_000,
    framesPresented: 125,
    framesDropped: 0,
    panel: 'unproven',
    milliTouches: 1_000,
    ...over,
  };
};

export const touchOf = (id: string, over: Partial<ReportedTouch> = {}): ReportedTouch => ({
  id,
  entranceId: 'entr_a',
  placement: 'gate',
  unbillable: null,
  startedAt: began,
  windowMs: 6_000,
  ...over,
});

export const trafficOf = (...touches: readonly ReportedTouch[]): Traffic => ({ touches, knownClips: new Set([clip]) });
