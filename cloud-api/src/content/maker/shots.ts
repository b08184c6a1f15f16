import { cutMsMax } from '../cuts.ts';

/** One photo on the screen: when it comes, how long it stays, and how the camera moves over it. */
export interface Shot {
  readonly photo: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly move: 'nearer' | 'back' | 'left' | 'right';
}

export const fadeMs = 400;
const perCut = 3;
const moves = ['nearer', 'left', 'back', 'right', 'nearer', 'left'] as const;

/**
 * The cut for doors is the first six seconds of the cut for lifts and tells all by itself: three photos, two seconds each. The rest shows what is left of
 * the photos, or the first ones again with the camera moving another way, for three seconds each, so that somebody who waits sees them in peace.
 */
export function shotsOf(photos: number): readonly Shot[] {
  const doorShotMs = cutMsMax.door / perCut;
  const liftShotMs = (cutMsMax.lift - cutMsMax.door) / perCut;
  return Array.from({ length: perCut * 2 }, (_, index) => {
    const isDoor = index < perCut;
    const fromMs = isDoor ? index * doorShotMs : cutMsMax.door + (index - perCut) * liftShotMs;
    const toMs = fromMs + (isDoor ? doorShotMs : liftShotMs);
    return { photo: index % photos, fromMs, toMs, move: moves[index] ?? 'nearer' };
  });
}
