import { instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { Plan, PlanEntry } from '@gatecast/firmware-protocol/messages';

/** 2026-11-23 07:40 in Shanghai. */
export const morning = instant(Date.parse('2026-11-22T23:40:00Z'));
export const at = (time: string): InstantMs => instant(Date.parse(`2026-11-23T${time}:00+08:00`));

const sha = (mark: string): string => mark.repeat(64).slice(0, 64);
export const clips = {
  families: sha('a'),
  commuters: sha('b'),
  night: sha('c'),
  anyone: sha('d'),
  noodles: sha('e'),
  fruit: sha('f'),
};
export const entrance = newId('entrance');

/** Families in the morning, commuters in the evening, the late ones at night. */
export function neighbourhoodPlan(cells: Plan['cells'] = [], change: Partial<Plan> = {}): Plan {
  const audience = Array.from({ length: 48 }, (_, halfHour) => ({
    halfHour,
    milliTouches:
      halfHour < 20
        ? { families: 60_000, commuters: 30_000, elderly: 10_000 }
        : halfHour < 44
          ? { families: 20_000, commuters: 70_000, elderly: 10_000 }
          : { night: 9_000, commuters: 1_000 },
  }));
  return {
    zone: 'Asia/Shanghai',
    validFrom: at('00:00'),
    validTo: at('23:59'),
    audience,
    cells,
    house: [
      { clip: clips.families, segment: 'families' },
      { clip: clips.commuters, segment: 'commuters' },
      { clip: clips.night, segment: 'night' },
      { clip: clips.anyone, segment: 'all' },
    ],
    notices: [],
    ...change,
  };
}

let campaigns = 0;
export function entry(change: Partial<PlanEntry> = {}): PlanEntry {
  campaigns += 1;
  return {
    campaign: newId('campaign'),
    campaignNo: campaigns,
    clip: clips.noodles,
    sharePpm: 1_000_000,
    remaining: 1_000,
    separation: null,
    consent: false,
    cap: null,
    ...change,
  };
}

export function cell(entries: PlanEntry[], change: Partial<Plan['cells'][number]> = {}): Plan['cells'][number] {
  return { at: at('07:30'), entrance, placement: 'gate', event: 'opening', segment: 'all', entries, ...change };
}
