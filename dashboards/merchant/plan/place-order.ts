import { metresBetween, type GeoPoint } from '../../kit/geo-point.ts';

interface Place {
  readonly id: string;
  readonly name: string;
  readonly location: GeoPoint | null;
}
/** A community and how far it is; null: nobody has said where it is. */
export interface Near<P> {
  readonly place: P;
  readonly metres: number | null;
}

/** The store's own community first, then by distance; those of unknown distance last, by name. */
export function byDistance<P extends Place>(
  places: readonly P[],
  from: GeoPoint | null,
  ownId: string | undefined,
): Near<P>[] {
  const near = places.map((place) => ({
    place,
    metres: from && place.location ? metresBetween(from, place.location) : null,
  }));
  return near.toSorted(
    (a, b) =>
      Number(b.place.id === ownId) - Number(a.place.id === ownId) ||
      compare(a.metres, b.metres) ||
      a.place.name.localeCompare(b.place.name),
  );
}

/** As people say it: to 50 m, from a kilometre on to 100 m, from ten on to whole kilometres. */
export function roundedMetres(metres: number): number {
  if (metres < 975) return Math.max(50, Math.round(metres / 50) * 50);
  return metres < 9_950 ? Math.round(metres / 100) * 100 : Math.round(metres / 1_000) * 1_000;
}

/** Unknown ones are alike, and behind all others. */
function compare(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a - b;
}
