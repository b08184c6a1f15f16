import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { CommunityFacts } from '../communities/profiles.ts';
import type { CommunityReads } from '../communities/reads.ts';
import type { Reads } from '../platform/db/store.ts';
import { dayKindOf, type DayKind } from './day-kind.ts';
import type { HolidayCalendar } from './holiday-calendar.ts';
import { holidayCalendar } from './holiday-notices.ts';
import type { Prior } from './expectation.ts';
import { unpackModel } from './model-bytes.ts';
import { newModel, type Model } from './model.ts';
import {
  knownDeclarations,
  nobodyDeclared,
  priorLevel,
  profileTouches,
  profileWith,
  segmentShares,
  type Fleet,
  type SegmentShares,
} from './rules.ts';
import * as rows from './store.ts';
import type { DayGroup } from './day-curve.ts';

/** An entrance with all that its forecast is made of. */
export interface ForecastPlace {
  readonly entranceId: string;
  readonly placement: Placement;
  readonly model: Model;
  readonly prior: Prior;
}

export interface ForecastCommunity {
  readonly id: string;
  readonly zone: string;
  readonly places: readonly ForecastPlace[];
  kindOf(date: string): DayKind;
  /** By half-hour of the local day. */
  shares(group: DayGroup): readonly SegmentShares[];
}

/** A part of all touches at the placements of a community that go through one of so many entrances, until it has shown its own. */
export const evenPart = (entrances: number): number => Math.round(1_000_000 / Math.max(1, entrances));

/** A sibling tells of others from the third day on. */
const siblingDaysMin = 3;

/** Communities with their entrances: those with a screen; of one that has no screen yet, all those where one could stand. */
export async function forecastCommunities(
  q: Reads,
  communities: Pick<CommunityReads, 'facts' | 'entrancesOf'>,
  ids: readonly string[],
  fleet: Fleet,
): Promise<ForecastCommunity[]> {
  const models = Map.groupBy(await rows.modelsOf(q, ids), ({ communityId }) => communityId);
  const bare = ids.filter((id) => !models.get(id)?.some(({ inService }) => inService));
  const entrances = Map.groupBy(await communities.entrancesOf(q, bare), ({ communityId }) => communityId);
  const declared = await rows.declaredIn(q, ids);
  const calendar = await holidayCalendar(q);
  return (await communities.facts(q, ids)).map((facts) => {
    const known = (models.get(facts.id) ?? []).filter(({ inService }) => inService).map(ofRow);
    const planned = entrances.get(facts.id) ?? [];
    const places = known.length > 0 ? known : planned.map((one) => unknownPlace(one, planned));
    const who = knownDeclarations(declared.get(facts.id) ?? nobodyDeclared);
    return assemble(facts, places, { fleet, declared: who, calendar });
  });
}

interface Known {
  readonly entranceId: string;
  readonly placement: Placement;
  readonly model: Model;
  readonly level: number;
}

const ofRow = ({ entranceId, placement, state, levelPpm }: rows.ModelRow): Known => ({
  entranceId,
  placement,
  model: (state && unpackModel(state)) ?? newModel(evenPart(1)),
  level: levelPpm / 1_000_000,
});

interface Entrance {
  readonly id: string;
  readonly placement: Placement;
}

const unknownPlace = ({ id, placement }: Entrance, all: readonly Entrance[]): Known => ({
  entranceId: id,
  placement,
  model: newModel(evenPart(all.filter((one) => one.placement === placement).length)),
  level: 1,
});

interface Common {
  readonly fleet: Fleet;
  readonly declared: Parameters<typeof profileWith>[1];
  readonly calendar: HolidayCalendar;
}

function assemble(
  facts: CommunityFacts,
  known: readonly Known[],
  { fleet, declared, calendar }: Common,
): ForecastCommunity {
  const told = known.filter(({ model }) => model.knownDays >= siblingDaysMin);
  // What residents declare shifts who comes, never how many: the counts say that.
  const shares = new Map<DayGroup, readonly SegmentShares[]>();
  const sharesOf = (group: DayGroup) => segmentShares(profileWith(facts, declared), group);
  return {
    id: facts.id,
    zone: facts.zone,
    kindOf: (date) => dayKindOf(date, facts.zone, facts.holidays, calendar),
    shares(group) {
      const made = shares.get(group) ?? sharesOf(group);
      shares.set(group, made);
      return made;
    },
    places: known.map(({ entranceId, placement, model }) => {
      const siblings = told.filter((one) => one.entranceId !== entranceId).map(({ level }) => level);
      const prior = { touches: profileTouches(facts, model.scalePpm), ...priorLevel(fleet, siblings) };
      return { entranceId, placement, model, prior };
    }),
  };
}
