import type { Segment } from '@gatecast/firmware-protocol/messages';
import { expectedAudience, type CommunityProfile, type DayGroup } from './day-curve.ts';
import type { Prior } from './expectation.ts';

/** Of which segments residents can say that they belong to them. */
export type DeclaredSegment = Exclude<Segment, 'all' | 'night'>;
export const declaredSegments: readonly DeclaredSegment[] = ['families', 'commuters', 'elderly'];
/** How many residents declared each; only counts that may be known, see `knownDeclarations`. */
export type Declared = Readonly<Record<DeclaredSegment, number>>;
export const nobodyDeclared: Declared = { families: 0, commuters: 0, elderly: 0 };

/** Fewer than so many are nobody's audience. */
export const countedMin = 10;

/** What may be known of declarations: nothing at all while any segment has fewer than ten, as three counts beside their known sum would tell of one person. */
export const knownDeclarations = (declared: Declared): Declared =>
  declaredSegments.some((segment) => declared[segment] < countedMin) ? nobodyDeclared : declared;

/** The profile's word counts for so many residents that say what they are. */
const profileWeight = 200;
const whole = 1_000_000;

/**
 * The profile after what its residents declared: shares of a Dirichlet distribution whose mean the profile is. Who declares is one of the three, so the part that
 * is nobody in particular stays as the profile says.
 */
export function profileWith(community: CommunityProfile, declared: Declared): CommunityProfile {
  const { profile } = community;
  const named = profile.families + profile.commuters + profile.elderly;
  const people = declaredSegments.reduce((sum, segment) => sum + declared[segment], 0);
  if (people === 0 || named === 0) return community;
  const share = (segment: DeclaredSegment) =>
    Math.round((named * ((profileWeight * profile[segment]) / named + declared[segment])) / (profileWeight + people));
  return {
    ...community,
    profile: { families: share('families'), commuters: share('commuters'), elderly: share('elderly') },
  };
}

/** Which part of a half-hour's audience belongs to each segment, in parts per million; `all` is everybody. Nobody's own segment is known. */
export type SegmentShares = Readonly<Partial<Record<Segment, number>>>;

/** Shares by half-hour of the local day. */
export function segmentShares(community: CommunityProfile, group: DayGroup): readonly SegmentShares[] {
  return expectedAudience(community, group).map(({ milliTouches: { all = 0, ...segments } }) => ({
    all: whole,
    ...Object.fromEntries(
      Object.entries(segments).map(([segment, touches]) => [
        segment,
        all === 0 ? 0 : Math.floor((whole * touches) / all),
      ]),
    ),
  }));
}

/** How entrances turned out against their profiles: the mean of their levels, and how much they differ. */
export interface Fleet {
  readonly entrances: number;
  readonly mean: number;
  readonly variance: number;
}

/** A profile may be off by half, and as long as few have shown anything that is all there is to say. */
const firstVariance = 0.25;
const firstEntrances = 20;
const varianceMin = 0.01;
/** An entrance is twice as like another one of its community as like any other. */
const siblingWeight = 4;

/** What to believe of the level of an entrance: from all others, and more from those of its community. */
export function priorLevel(fleet: Fleet, siblings: readonly number[]): Pick<Prior, 'level' | 'levelVariance'> {
  const trust = fleet.entrances / (fleet.entrances + firstEntrances);
  const mean = trust * fleet.mean + (1 - trust);
  const variance = trust * fleet.variance + (1 - trust) * firstVariance;
  const near = siblings.reduce((sum, level) => sum + level, 0);
  const level = (mean + siblingWeight * near) / (1 + siblingWeight * siblings.length);
  const relative = variance / Math.max(mean * mean, 0.01);
  return { level, levelVariance: Math.max(varianceMin, siblings.length === 0 ? relative : relative / 2) };
}

/** What the profile says of an entrance that has this part of its community's touches. */
export function profileTouches(community: CommunityProfile, scalePpm: number): Prior['touches'] {
  const of = (group: DayGroup) =>
    expectedAudience(community, group).map(
      ({ milliTouches }) => ((milliTouches.all ?? 0) / 1_000) * (scalePpm / whole),
    );
  return { work: of('work'), rest: of('rest') };
}
