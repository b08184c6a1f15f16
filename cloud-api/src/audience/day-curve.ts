import type { Audience, Segment } from '@gatecast/firmware-protocol/messages';

/** Shares of a community's households in parts per million; what they leave over is nobody in particular. */
export interface CommunityProfile {
  readonly households: number;
  readonly profile: { readonly families: number; readonly commuters: number; readonly elderly: number };
}

const halfHoursPerDay = 48;
/** 2.62 people a household (China's seventh census, 2020), each passing the door twice a day (interview with a network's founder, 2019). */
const milliTouchesPerHousehold = 5_240;

type Curve = readonly (readonly [from: number, to: number, weight: number])[];

/** When each kind of person passes the door: weights over half-open spans of local hours; the rest of the day weighs 1. */
const curves = {
  families: [
    [7, 7.5, 20],
    [7.5, 8.5, 34],
    [8.5, 9, 14],
    [11.5, 13, 5],
    [16.5, 18, 22],
    [18, 21, 6],
  ],
  commuters: [
    [7, 7.5, 9],
    [7.5, 8, 14],
    [8, 9.5, 22],
    [12, 13.5, 4],
    [17.5, 18, 14],
    [18, 20, 30],
    [20, 21.5, 12],
  ],
  elderly: [
    [5.5, 7, 16],
    [7, 9, 12],
    [9, 11, 18],
    [14.5, 16.5, 14],
    [16.5, 19, 8],
  ],
  others: [
    [7, 9, 12],
    [9, 16.5, 5],
    [16.5, 21, 13],
    [21, 23, 7],
  ],
} satisfies Record<string, Curve>;

/** Touches of a day on which few work, of a workday's: 1.8 a person instead of 2.08, as the planner's instances have them too. */
const restDayShare = 1.8 / 2.08;

/** Whether most people work on that day. */
export type DayGroup = 'work' | 'rest';

/** Whoever comes home between ten and five is one audience. */
const nightHours = { from: 22, to: 5 };
const isNight = (halfHour: number) => halfHour / 2 >= nightHours.from || halfHour / 2 < nightHours.to;

function sharesOf(curve: Curve): number[] {
  const weights = Array.from({ length: halfHoursPerDay }, (_, halfHour) => {
    const span = curve.find(([from, to]) => halfHour / 2 >= from && halfHour / 2 < to);
    return span?.[2] ?? (halfHour / 2 < nightHours.to ? 0.2 : 1);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** On a day of rest nobody comes and goes by the hours of school and office. */
const dayShares = {
  work: {
    families: sharesOf(curves.families),
    commuters: sharesOf(curves.commuters),
    elderly: sharesOf(curves.elderly),
    others: sharesOf(curves.others),
  },
  rest: {
    families: sharesOf(curves.others),
    commuters: sharesOf(curves.others),
    elderly: sharesOf(curves.elderly),
    others: sharesOf(curves.others),
  },
};

/**
 * Touches that a community of this profile is expected to have in each half-hour of the day, by segment, in milli-touches.
 * Peaks at 7–9 and 16:30–21. `all` is everybody; the other segments add up to at most that.
 */
export function expectedAudience({ households, profile }: CommunityProfile, group: DayGroup = 'work'): Audience[] {
  const perDay = households * milliTouchesPerHousehold * (group === 'rest' ? restDayShare : 1);
  const curve = dayShares[group];
  const named = profile.families + profile.commuters + profile.elderly;
  // Shares that claim more than everybody are scaled back to everybody.
  const whole = Math.max(1_000_000, named);
  const others = whole - named;
  return Array.from({ length: halfHoursPerDay }, (_, halfHour) => {
    const touches = (ppm: number, shares: readonly number[]) =>
      Math.round((perDay * ppm * (shares[halfHour] ?? 0)) / whole);
    const families = touches(profile.families, curve.families);
    const commuters = touches(profile.commuters, curve.commuters);
    const elderly = touches(profile.elderly, curve.elderly);
    const all = families + commuters + elderly + touches(others, curve.others);
    const milliTouches: Partial<Record<Segment, number>> = isNight(halfHour)
      ? { all, night: all }
      : { all, families, commuters, elderly };
    return { halfHour, milliTouches };
  });
}
