import type { z } from 'zod';
import type { geoPoint } from './contract.ts';

type GeoPoint = z.output<typeof geoPoint>;
interface PointColumns {
  readonly latMicro: number | null;
  readonly lonMicro: number | null;
}

/** What a table keeps of a point that may not be known. */
export const columnsOfPoint = (point: GeoPoint | null | undefined): PointColumns =>
  point ?? { latMicro: null, lonMicro: null };

export const pointOf = ({ latMicro, lonMicro }: PointColumns): GeoPoint | null =>
  latMicro === null || lonMicro === null ? null : { latMicro, lonMicro };
