import type { Exposure } from '@gatecast/cloud-api/client';

export type AtPlacement = NonNullable<Exposure['placements']>[number];

export interface SegmentPart {
  readonly segment: Exposure['lineItems'][number]['segment'];
  /** Of 100 touches, those that are expected to be of the segment: whole ones, but tenths below ten. */
  readonly of100: number;
}

const ppmPerTouch = 10_000;
const toldInTenthsBelow = 10;

/** The expected parts behind a half-hour, each segment once; everybody is no segment, and of an open half-hour nothing is known. */
export function segmentParts({ lineItems }: Pick<Exposure, 'lineItems'>): readonly SegmentPart[] {
  const parts = new Map<SegmentPart['segment'], number>();
  for (const { segment, expectedPartPpm, people } of lineItems)
    if (segment !== 'all' && people === null && expectedPartPpm) parts.set(segment, expectedPartPpm);
  const about = (of100: number) => (of100 < toldInTenthsBelow ? Math.round(of100 * 10) / 10 : Math.round(of100));
  return Array.from(parts, ([segment, ppm]) => ({ segment, of100: about(ppm / ppmPerTouch) }));
}
