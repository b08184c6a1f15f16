/** Why a phone does not tell where it is. */
export type PlaceFault = 'refused' | 'unavailable' | 'timeout';
type Degrees = Pick<GeolocationCoordinates, 'latitude' | 'longitude'>;

const options: PositionOptions = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };
/** `GeolocationPositionError.code` (W3C Geolocation, 3.6). */
const faults: Readonly<Record<number, PlaceFault>> = { 1: 'refused', 2: 'unavailable', 3: 'timeout' };

/** Asks the phone once, which asks its owner; never rejects. Without HTTPS, and in some in-app browsers, there is nobody to ask. */
export function askPlace(
  geolocation: Pick<Geolocation, 'getCurrentPosition'> | undefined,
): Promise<Degrees | PlaceFault> {
  if (!geolocation) return Promise.resolve('unavailable');
  return new Promise((resolve) => {
    geolocation.getCurrentPosition(
      ({ coords }) => resolve(coords),
      ({ code }) => resolve(faults[code] ?? 'unavailable'),
      options,
    );
  });
}
