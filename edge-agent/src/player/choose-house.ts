import type { Plan, Segment } from '@gatecast/firmware-protocol/messages';
import type { AudienceShares } from './audience-shares.ts';
import { diffuse, type Credits } from './error-diffusion.ts';

type House = Plan['house'];

/** Clips that lie complete and verified on this terminal, by SHA-256. */
export interface PlayableClips {
  has(sha256: string): boolean;
}

/**
 * The next house clip. Each segment's share of the audience is divided among the clips made for it;
 * the share of segments without a clip of their own goes to the clips that fit everybody.
 * `before` is the clip on the screen: it does not follow itself if there is another, not even one for few.
 */
export function chooseHouse(
  credits: Credits,
  house: House,
  shares: AudienceShares,
  cached: PlayableClips,
  before?: string,
): { readonly clip: string | undefined; readonly credits: Credits } {
  const playable = house.filter(
    (h, index) => cached.has(h.clip) && index === house.findIndex((o) => o.clip === h.clip),
  );
  const served = new Map<Segment, number>();
  for (const { segment } of playable) served.set(segment, (served.get(segment) ?? 0) + 1);
  let rest = 1_000_000;
  for (const segment of served.keys()) if (segment !== 'all') rest -= shares[segment] ?? 0;
  const weights = playable.map(({ segment }) =>
    Math.floor((segment === 'all' ? rest : (shares[segment] ?? 0)) / (served.get(segment) ?? 1)),
  );
  // An audience that no clip fits still sees something.
  const anyFits = weights.some((w) => w > 0);
  const contenders = playable.map((h, index) => ({ key: h.clip, weight: anyFits ? (weights[index] ?? 0) : 1 }));
  const others = contenders.map((c) => ({ ...c, barred: c.key === before }));
  const { chosen, credits: next } = diffuse(credits, others);
  if (chosen !== undefined || before === undefined) return { clip: chosen, credits: next };
  return { clip: diffuse(credits, contenders).chosen, credits };
}
