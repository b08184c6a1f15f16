import { localTime, type InstantMs } from '@gatecast/firmware-protocol';
import { touchesSpan, type DaySpan } from '../communities/children-pass.ts';

/**
 * What an advert is for, and what follows from it. "AL" is the Advertising Law of the People's Republic of China as amended in 2021 (中华人民共和国广告法);
 * docs/content.md says the same for people. Where a rule is `policy` it is our own, stricter than the law or where the law is silent.
 *
 * The Measures for Internet Advertising (互联网广告管理办法, 2023) speak of web pages, apps and other internet media. Whether a networked screen at a
 * door is one, their text does not settle; we keep their rules (no prescription drugs, no tobacco, archives for three years) as policy.
 */
export const categories = [
  'goods',
  'food',
  'services',
  'public-interest',
  'real-estate',
  'medical',
  'medicine',
  'medical-device',
  'health-food',
  'finance',
  'alcohol',
  'education',
  'for-children',
  'tobacco',
  'vapes',
  'prescription-drugs',
  'infant-formula',
  'school-tutoring',
  'gambling',
] as const;
export type Category = (typeof categories)[number];

/** `open` to everybody, `restricted` to who has what it asks for, `banned` from every screen. */
export type Standing = 'open' | 'restricted' | 'banned';

/** A thing that a reviewer looks for and ticks. */
export type CheckItem = (typeof commonChecks)[number] | (typeof specialChecks)[number];

/** Looked for in every clip: AL arts. 4 and 28 (true), 8 (price and terms clear), 9 (words, decency), 14 (recognisable as an advert), 33 (people shown agreed). */
export const commonChecks = ['true', 'clear-terms', 'decent', 'known-advertiser', 'rights', 'good-picture'] as const;
export const specialChecks = [
  'permit-matches',
  'approval-number-shown',
  'no-cure',
  'no-endorser',
  'says-no-medicine',
  'says-as-directed',
  'warns-of-risk',
  'no-sure-gain',
  'no-drinking-shown',
  'no-sure-pass',
  'no-pester',
  'no-danger',
  'no-appreciation',
] as const;

export interface CategoryRule {
  readonly standing: Standing;
  /** An accepted permit of the advertiser must cover the play. */
  readonly needsPermit: boolean;
  /** Never shown while children pass; each community says when that is. */
  readonly notForChildren: boolean;
  /** Looked for besides the common ones. */
  readonly checks: readonly CheckItem[];
  /** Where the standing comes from. */
  readonly sources: readonly string[];
}

const open = (...sources: readonly string[]): CategoryRule => ({
  standing: 'open',
  needsPermit: false,
  notForChildren: false,
  checks: [],
  sources,
});
const banned = (...sources: readonly string[]): CategoryRule => ({ ...open(...sources), standing: 'banned' });
const restricted = (
  checks: readonly CheckItem[],
  sources: readonly string[],
  over: Partial<Pick<CategoryRule, 'needsPermit' | 'notForChildren'>> = {},
): CategoryRule => ({ standing: 'restricted', needsPermit: true, notForChildren: false, checks, sources, ...over });

/** AL art. 46: adverts for these are examined by the authority before they are published; we ask for its paper. */
const examined = ['permit-matches', 'approval-number-shown'] as const;

export const categoryRules: Readonly<Record<Category, CategoryRule>> = {
  goods: open('AL 4', 'AL 9'),
  food: open('AL 4', 'AL 9', 'AL 17'),
  services: open('AL 4', 'AL 9'),
  'public-interest': open('AL 74'),
  // AL 26: no promise of a rise in value, of a place at a school or of a registration, no distance by time. The sale permit: policy.
  'real-estate': restricted(['permit-matches', 'no-appreciation'], ['AL 26']),
  // AL 16 and 46. Not while children pass, and never beside a child's door: policy, from AL 40 (mass media for minors).
  medical: restricted([...examined, 'no-cure', 'no-endorser'], ['AL 16', 'AL 40', 'AL 46'], { notForChildren: true }),
  // Over the counter. AL 16: "read the instructions, or buy and use as a pharmacist says" stands in the picture.
  medicine: restricted([...examined, 'no-cure', 'no-endorser', 'says-as-directed'], ['AL 16', 'AL 40', 'AL 46'], {
    notForChildren: true,
  }),
  'medical-device': restricted([...examined, 'no-cure', 'no-endorser', 'says-as-directed'], ['AL 16', 'AL 46']),
  // AL 18: 本品不能代替药物 stands in the picture.
  'health-food': restricted([...examined, 'no-cure', 'no-endorser', 'says-no-medicine'], ['AL 18', 'AL 46']),
  // AL 25: warns of the risk, promises no gain, nobody's praise. The licence: policy, as adverts of unlicensed finance are illegal.
  finance: restricted(['permit-matches', 'warns-of-risk', 'no-sure-gain'], ['AL 25']),
  // AL 23: nobody is made to drink, no drinking, no driving. Hours: policy, the law sets none for screens. The sale licence: policy.
  alcohol: restricted(['permit-matches', 'no-drinking-shown'], ['AL 23', 'AL 40'], { notForChildren: true }),
  // AL 24: no promise of passing, no examiner, no pupil's praise. For grown-ups and trades; see school-tutoring. The licence: policy.
  education: restricted(['permit-matches', 'no-sure-pass', 'no-endorser'], ['AL 24']),
  // AL 40: children under fourteen are not told to ask their parents, nor shown what hurts who copies it.
  'for-children': restricted(['no-pester', 'no-danger', 'no-endorser'], ['AL 38', 'AL 40'], { needsPermit: false }),
  // AL 22: no advert in public places or mass media.
  tobacco: banned('AL 22'),
  // Law on the Protection of Minors and the Measures for E-cigarettes (电子烟管理办法, 2022) treat them as tobacco.
  vapes: banned('AL 22', '电子烟管理办法 2022'),
  // AL 15: only in medical and pharmaceutical journals.
  'prescription-drugs': banned('AL 15'),
  // AL 20: nothing that says to replace mother's milk, in public places or mass media.
  'infant-formula': banned('AL 20'),
  // 双减 opinions of July 2021: no adverts for tutoring in school subjects, residential quarters named.
  'school-tutoring': banned('双减 2021'),
  // AL 9 (8).
  gambling: banned('AL 9'),
};

/** What a reviewer ticks for a clip of this category. */
export const checklistOf = (category: Category): readonly CheckItem[] => [
  ...commonChecks,
  ...categoryRules[category].checks,
];

/**
 * What tells of somebody's body, money or children, as PIPL arts. 28 and 31 call it sensitive. A clip that is matched to one person who opted in says that
 * the advertiser meant just them: it is never one of these, whatever they agreed to.
 */
const sensitive: readonly Category[] = [
  'medical',
  'medicine',
  'medical-device',
  'health-food',
  'finance',
  'alcohol',
  'for-children',
];

/** True if a clip of this category may not be matched to a person. One without a category is judged as goods. */
export const isSensitive = (category: Category | null): boolean => category !== null && sensitive.includes(category);

/** An accepted permit; half-open. */
export interface PermitSpan {
  readonly category: Category;
  readonly validFrom: InstantMs;
  readonly validTo: InstantMs;
}

/** Where and when an advert is to be shown, and what its advertiser may. */
export interface Circumstances {
  readonly permits: readonly PermitSpan[];
  readonly community: {
    readonly zone: string;
    readonly declined: readonly Category[];
    readonly childrenPass: readonly DaySpan[];
  };
  /** Start of the half-hour. */
  readonly halfHour: InstantMs;
}

/** Why an advert may not be shown there and then. */
export type Inadmissible = 'category-banned' | 'category-declined' | 'permit-missing' | 'hour-closed';

/** Null if an advert of this category may be shown there and then. One without a category is judged as goods: it was approved before there were any. */
export function admissible(
  category: Category | null,
  { permits, community, halfHour }: Circumstances,
): Inadmissible | null {
  const kind = category ?? 'goods';
  const rule = categoryRules[kind];
  if (rule.standing === 'banned') return 'category-banned';
  if (community.declined.includes(kind)) return 'category-declined';
  if (rule.needsPermit && !permits.some((permit) => permit.category === kind && covers(permit, halfHour)))
    return 'permit-missing';
  const isClosed =
    rule.notForChildren && touchesSpan(community.childrenPass, localTime(halfHour, community.zone).minute);
  return isClosed ? 'hour-closed' : null;
}

export const covers = ({ validFrom, validTo }: Pick<PermitSpan, 'validFrom' | 'validTo'>, at: InstantMs): boolean =>
  validFrom <= at && at < validTo;

/** Until when a permit in hand lets an advert run: the latest end of those that are valid now; null if none is needed, undefined if none is there. */
export function permittedUntil(
  category: Category,
  permits: readonly PermitSpan[],
  now: InstantMs,
): InstantMs | null | undefined {
  if (!categoryRules[category].needsPermit) return null;
  const ends = permits.filter((one) => one.category === category && covers(one, now)).map(({ validTo }) => validTo);
  return ends.length === 0 ? undefined : ends.reduce((a, b) => (a > b ? a : b));
}
