import type { BoughtHalfHour } from '../campaigns/service.ts';
import type { Exposure } from './contract.ts';
import { countsOf } from './reports.ts';
import { averageViewableMs, dropRatePpm, peopleIn } from './rules.ts';
import type { ReportRow } from './store.ts';

/** Earlier versions that are shown; all of them are kept. */
const earlierMax = 10;

/** What was bought, with the newest of its reports, oldest first; without one it is open and no number is told. */
export function showReport(bought: BoughtHalfHour, communityName: string, reports: readonly ReportRow[]): Exposure {
  const { campaignId, communityId, at, touches, priceFen } = bought;
  const about = { campaignId, communityId, communityName, at, bookedTouches: touches, priceFen };
  const last = reports.at(-1);
  if (!last) return { ...about, ...notYet, filtered: [], earlier: [] };
  const counts = countsOf(last);
  return {
    ...about,
    state: 'closed',
    rendered: counts.rendered,
    viewable: counts.viewable,
    completed: counts.completed,
    verified: whole(last),
    verifiedMilliTouches: counts.verifiedMilliTouches,
    people: peopleIn(counts.people),
    ambient: counts.ambient,
    panelOn: counts.panelOn,
    averageViewableMs: averageViewableMs(counts),
    dropRatePpm: dropRatePpm(counts),
    filtered: Object.entries(counts.filtered).map(([reason, plays]) => ({ reason, plays })),
    missingScreens: last.missing,
    version: last.version,
    restatedAt: last.version === 1 ? null : last.madeAt,
    earlier: reports
      .slice(0, -1)
      .slice(-earlierMax)
      .map((row) => ({ version: row.version, madeAt: row.madeAt, viewable: row.viewable, verified: whole(row) })),
  };
}

/** Rounded down, once a line. */
const whole = ({ verifiedMilliTouches }: ReportRow): number => Math.floor(verifiedMilliTouches / 1_000);

const notYet = {
  state: 'open',
  rendered: null,
  viewable: null,
  completed: null,
  verified: null,
  verifiedMilliTouches: null,
  people: null,
  ambient: null,
  panelOn: null,
  averageViewableMs: null,
  dropRatePpm: null,
  missingScreens: null,
  version: null,
  restatedAt: null,
} as const satisfies Partial<Record<keyof Exposure, unknown>>;
