import type { GeoPoint } from '@gatecast/firmware-protocol';

export { metresBetween, type GeoPoint } from '@gatecast/firmware-protocol';

const microPerDegree = 1_000_000;
const shape = /^(-?\d{1,2}(?:\.\d{1,12})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,12})?)$/;

/** Latitude and longitude as maps write them: `30.2741, 120.1551`; undefined where the text is no point. */
export function pointOfText(text: string): GeoPoint | undefined {
  const [, lat, lon] = shape.exec(text.trim()) ?? [];
  if (lat === undefined || lon === undefined) return undefined;
  if (Math.abs(Number(lat)) > 90 || Math.abs(Number(lon)) > 180) return undefined;
  return pointOfDegrees(Number(lat), Number(lon));
}

export const pointOfDegrees = (latitude: number, longitude: number): GeoPoint => ({
  latMicro: Math.round(latitude * microPerDegree),
  lonMicro: Math.round(longitude * microPerDegree),
});

export const textOfPoint = ({ latMicro, lonMicro }: GeoPoint): string =>
  `${latMicro / microPerDegree}, ${lonMicro / microPerDegree}`;
