import { after, days, type InstantMs } from '@gatecast/firmware-protocol';
import type { AccessList, Credential, PersonClass } from '@gatecast/firmware-protocol/messages';
import type { Pass } from './pass-contract.ts';

/** PIN keys are derived per epoch, so that they can be changed without asking anybody for a new PIN at once. */
export const pinEpoch = 1;
export const passDaysMax = days(366);
/** A revoked credential is denied by name for as long as a terminal may come back with an old list. */
export const denyKeptMs = days(30);
/** How long the access log names people. */
export const namesKeptMs = days(90);

export interface StoredCredential {
  readonly id: string;
  readonly kind: 'unit-pin' | 'code';
  readonly person: PersonClass;
  readonly unit: string | null;
  readonly entranceIds: readonly string[] | null;
  readonly from: InstantMs | null;
  readonly to: InstantMs | null;
  readonly uses: number | null;
  readonly epoch: number;
  readonly tag: string;
  readonly revokedAt: InstantMs | null;
}

/** What the terminal at `entranceId` has to know of the community's credentials: who may enter, and who no longer may. */
export function listFor(
  entranceId: string,
  credentials: readonly StoredCredential[],
  now: InstantMs,
): Pick<AccessList, 'credentials' | 'deny'> {
  const here = credentials.filter(({ entranceIds }) => entranceIds === null || entranceIds.includes(entranceId));
  return {
    credentials: here.filter((one) => one.revokedAt === null && (one.to === null || one.to > now)).map(asListed),
    deny: here
      .filter(
        ({ revokedAt, to }) => revokedAt !== null && now < after(revokedAt, denyKeptMs) && (to === null || to > now),
      )
      .map(({ id }) => id),
  };
}

/**
 * The floor that a unit's number tells, by the custom of numbering flats: the last two digits are the flat, what stands before them is the floor
 * (`302` is on 3, `1203` on 12). Undefined for numbers of another length, which follow no common rule.
 */
export function floorOf(unit: string): number | undefined {
  const floor = Number(/^(\d{1,2})\d{2}$/.exec(unit)?.[1] ?? 0);
  return floor > 0 ? floor : undefined;
}

/** Floors that a lift releases for somebody, besides those that are free for all. */
function floorsFor(person: PersonClass, unit: string | null): Credential['floors'] {
  switch (person) {
    case 'staff':
    case 'maintenance':
    case 'emergency':
      return 'all';
    case 'resident':
    case 'child': {
      const floor = unit === null ? undefined : floorOf(unit);
      return floor === undefined ? [] : [floor];
    }
    case 'visitor':
    case 'courier':
      return [];
  }
}

function asListed({ id, kind, person, unit, entranceIds, from, to, uses, epoch, tag }: StoredCredential): Credential {
  const shared = {
    id,
    person,
    entrances: entranceIds && [...entranceIds],
    from,
    to,
    uses,
    openMs: null,
    floors: floorsFor(person, unit),
    duress: false,
    epoch,
    tag,
  };
  return kind === 'unit-pin' ? { kind, unit: unit ?? '', ...shared } : { kind, ...shared };
}

export function passState(
  pass: { readonly from: InstantMs; readonly to: InstantMs | null; readonly revokedAt: InstantMs | null },
  now: InstantMs,
): Pass['state'] {
  if (pass.revokedAt !== null) return 'revoked';
  if (now < pass.from) return 'scheduled';
  return pass.to === null || now < pass.to ? 'active' : 'expired';
}
