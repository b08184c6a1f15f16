import type { OwnDoor } from '@gatecast/cloud-api/client';

/** What this phone remembers, so that the button stands there before the cloud has answered. */
const doorsPlace = 'gatecast.resident.doors';
const lastPlace = 'gatecast.resident.last-door';

export function rememberDoors(doors: readonly OwnDoor[]): void {
  localStorage.setItem(doorsPlace, JSON.stringify(doors));
}

/** The doors of the last visit; undefined on a phone that has none. */
export function rememberedDoors(): readonly OwnDoor[] | undefined {
  const text = localStorage.getItem(doorsPlace);
  return text === null ? undefined : (JSON.parse(text) as OwnDoor[]);
}

export const rememberLastDoor = (entranceId: string): void => localStorage.setItem(lastPlace, entranceId);
export const lastDoor = (): string | null => localStorage.getItem(lastPlace);

/** For the next person who signs in here. */
export function forgetDoors(): void {
  localStorage.removeItem(doorsPlace);
  localStorage.removeItem(lastPlace);
}

/** The one for the large button: opened last from here, else the first that answers, else the first; then the others in their order. */
export function bigDoorFirst(
  doors: readonly OwnDoor[],
  last: string | null,
): { readonly big: OwnDoor | undefined; readonly others: readonly OwnDoor[] } {
  const big = doors.find(({ entranceId }) => entranceId === last) ?? doors.find(({ online }) => online) ?? doors[0];
  return { big, others: doors.filter((door) => door !== big) };
}
