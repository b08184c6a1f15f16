import type { DocumentKind, MediaManifest, Plan } from '@gatecast/firmware-protocol/messages';
import type { HealthCheck } from '../uplink/probation.ts';
import { hasClipForm } from './clip-form.ts';
import type { ClipFailure } from './media-cache.ts';
import { clipPath } from './media-file.ts';
import type { ScreenSight } from './screen-pulse.ts';

/** What the checks look at; undefined while no player runs. */
export interface CheckedPlayer {
  readonly sight: ScreenSight;
  readonly programme: { state(): { readonly ambient: object | null } };
  readonly media: {
    readonly cached: ReadonlySet<string>;
    readonly failures: ReadonlyMap<string, ClipFailure>;
  };
  readonly server: { readonly pages: number };
}

export interface CheckParts {
  readonly player: () => CheckedPlayer | undefined;
  readonly mediaDir: string;
  readonly plan: () => Plan | undefined;
  readonly manifest: () => MediaManifest | undefined;
}

/** Faults that are the manifest's own; what the line or the disk does is not its fault. */
const ownFaults: ReadonlySet<string> = new Set(['wrong-hash', 'too-long', 'not-found', 'bad-status']);
const triesMin = 2;

/** How the player tells whether a version of each of its documents works. */
export function playerChecks(parts: CheckParts): Readonly<Partial<Record<DocumentKind, HealthCheck>>> {
  const screen = screenCheck(parts);
  return { plan: screen, notices: screen, media: mediaCheck(parts) };
}

/**
 * The player can still say what is to be seen, and a screen that presented frames before presents them now. A page that went away with the version
 * is dark too; one that was not there before says nothing.
 */
function screenCheck({ player }: CheckParts): HealthCheck {
  return () => {
    const wasPresenting = player()?.sight.isPresenting() ?? false;
    return () => {
      const now = player();
      if (!now) return 'good';
      const ambient = ambientOf(now);
      if (ambient === undefined) return { fault: 'cannot-choose' };
      if (!wasPresenting || now.sight.isPresenting()) return 'good';
      const isWanted = ambient !== null || now.server.pages === 0;
      return isWanted ? { fault: 'screen-went-dark' } : 'good';
    };
  };
}

/** Undefined: the player fails over what it should choose from. */
function ambientOf({ programme }: CheckedPlayer): object | null | undefined {
  try {
    return programme.state().ambient;
  } catch (error) {
    // Whatever a document makes the player stumble over is what is looked for here.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** At least one house clip lies here whole and in a form that plays; without house clips in the plan, any clip. */
function mediaCheck(parts: CheckParts): HealthCheck {
  return () => async () => {
    const { media } = parts.player() ?? {};
    const wanted = wantedClips(parts.manifest(), parts.plan());
    if (!media || wanted.length === 0) return 'good';
    const whole = wanted.filter((sha256) => media.cached.has(sha256));
    for (const sha256 of whole) if (await hasClipForm(clipPath(parts.mediaDir, sha256))) return 'good';
    const isHopeless = wanted.every((sha256) => media.cached.has(sha256) || isOwnFault(media.failures.get(sha256)));
    return isHopeless ? { fault: 'no-clip-plays' } : 'undecided';
  };
}

const isOwnFault = (failure: ClipFailure | undefined): boolean =>
  failure !== undefined && failure.inARow >= triesMin && ownFaults.has(failure.code);

function wantedClips(manifest: MediaManifest | undefined, plan: Plan | undefined): string[] {
  const all = (manifest?.clips ?? []).map(({ sha256 }) => sha256);
  const house = new Set(plan?.house.map(({ clip }) => clip));
  const ofHouse = all.filter((sha256) => house.has(sha256));
  return ofHouse.length > 0 ? ofHouse : all;
}
