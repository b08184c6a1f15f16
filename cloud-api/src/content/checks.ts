import type { InstantMs } from '@gatecast/firmware-protocol';
import { findWords } from './advert-words.ts';
import { categoryRules, covers, type Category, type PermitSpan } from './categories.ts';
import { cutMsMax, type Cut } from './cuts.ts';

/** What an automatic check found. `words` are those of the advert, or the ids of other clips. */
export interface Finding {
  readonly code: string;
  /** Article of the law that it comes from. */
  readonly article?: string | undefined;
  readonly words?: readonly string[] | undefined;
}

/** What the conversion measured of the file that it made; what was not measured is left out. */
export interface Measured {
  readonly loudnessLufs?: number | undefined;
  /** The longest black stretch. */
  readonly blackMs?: number | undefined;
  /** The longest stretch without a change. */
  readonly frozenMs?: number | undefined;
}

export interface CheckedClip {
  readonly title: string;
  /** Words that the maker put into the picture. */
  readonly lines: readonly string[];
  readonly category: Category | null;
  /** The operator's own: nobody advertises. */
  readonly isHouse: boolean;
  readonly files: readonly { readonly cut: Cut; readonly durationMs: number }[];
  readonly measured?: Measured | undefined;
}

export interface CheckedAgainst {
  /** Accepted ones of the advertiser. */
  readonly permits: readonly PermitSpan[];
  /** Clips with the same file that were rejected or taken down. */
  readonly refusedTwins: readonly string[];
  readonly now: InstantMs;
  /** What clips are levelled to. */
  readonly targetLufs: number;
}

/** EBU R 128 allows 0.5 to 1 LU; a single pass of loudnorm over seconds of sound is not exact. */
const loudnessToleranceLu = 2;
const blackMsMax = 1_000;
const frozenMsMax = 5_000;
/** A last frame may reach over the end. */
const cutToleranceMs = 100;

/** Found by measuring the files: what a check that measures nothing leaves as it was. */
const measuredCodes: ReadonlySet<string> = new Set(['loudness-off', 'black-picture', 'frozen-picture']);
export const measuredFindings = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ code }) => measuredCodes.has(code));

/** Everything that can be found without looking at the picture. The order is that in which a reviewer should read it. */
export function checkClip(clip: CheckedClip, against: CheckedAgainst): Finding[] {
  return [
    ...categoryFindings(clip, against),
    ...(against.refusedTwins.length > 0 ? [{ code: 'same-as-refused', words: against.refusedTwins }] : []),
    ...findWords([clip.title, ...clip.lines], clip.category),
    ...technicalFindings(clip, against),
  ];
}

function categoryFindings({ category, isHouse }: CheckedClip, { permits, now }: CheckedAgainst): Finding[] {
  if (category === null) return isHouse ? [] : [{ code: 'category-missing' }];
  const { standing, needsPermit, sources } = categoryRules[category];
  const article = sources.join(', ');
  if (standing === 'banned') return [{ code: 'category-banned', article }];
  const isPermitted = permits.some((permit) => permit.category === category && covers(permit, now));
  return needsPermit && !isPermitted ? [{ code: 'permit-missing', article }] : [];
}

function technicalFindings({ files, measured = {} }: CheckedClip, { targetLufs }: CheckedAgainst): Finding[] {
  const { loudnessLufs, blackMs = 0, frozenMs = 0 } = measured;
  // A finished file may be softer on purpose, and is kept so.
  const isLoud = loudnessLufs !== undefined && loudnessLufs - targetLufs > loudnessToleranceLu;
  const seconds = (ms: number) => [`${(ms / 1_000).toFixed(1)} s`];
  const tooLong = files.filter(({ cut, durationMs }) => durationMs > cutMsMax[cut] + cutToleranceMs);
  return [
    ...(isLoud ? [{ code: 'loudness-off', words: [`${loudnessLufs.toFixed(1)} LUFS`] }] : []),
    ...[...new Set(tooLong.map(({ cut }) => cut))].map((cut) => ({ code: 'cut-too-long', words: [cut] })),
    ...(blackMs > blackMsMax ? [{ code: 'black-picture', words: seconds(blackMs) }] : []),
    ...(frozenMs > frozenMsMax ? [{ code: 'frozen-picture', words: seconds(frozenMs) }] : []),
  ];
}

const linesMax = 50;
/** Parts of a recipe that are names of ours. */
const wordless: ReadonlySet<string> = new Set(['template', 'sound']);
const opaque = /^[0-9a-f]{64}$|^[a-z]{2,5}_[0-9a-z]{20}$|^(?:image|video)\//;

/** Every text of a recipe that can stand in the picture: all but hashes, ids and types. */
export function linesOfRecipe(recipe: unknown): string[] {
  const lines: string[] = [];
  const walk = (value: unknown): void => {
    if (lines.length >= linesMax) return;
    if (typeof value === 'string') {
      if (value.trim() !== '' && !opaque.test(value)) lines.push(value);
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) if (!wordless.has(name)) walk(inner);
  };
  walk(recipe);
  return lines;
}
