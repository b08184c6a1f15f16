import { after, days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Credential, OwnGroup, PersonClass } from '@gatecast/firmware-protocol/messages';

/** A revoked credential without an end of its own is denied by name for as long as a terminal may come back with an old list. */
export const denyKeptMs = days(30);

/** A credential as it is stored, with the floor of its resident's unit if somebody set it. */
export interface StoredCredential {
  readonly id: string;
  readonly kind: Credential['kind'];
  readonly person: PersonClass;
  readonly unit: string | null;
  readonly unitFloor: number | null;
  readonly entranceIds: readonly string[] | null;
  readonly from: InstantMs | null;
  readonly to: InstantMs | null;
  readonly uses: number | null;
  /** As far as the doors have told. */
  readonly usedCount: number;
  readonly firstUsedAt: InstantMs | null;
  readonly openMs: number | null;
  readonly duress: boolean;
  readonly scheduleId: string | null;
  readonly firstUseBy: InstantMs | null;
  readonly lastsMs: number | null;
  readonly epoch: number;
  readonly tag: string;
  readonly keyOdd: boolean | null;
  readonly codeNo: number | null;
  readonly generation: number | null;
  readonly revokedAt: InstantMs | null;
  /** Of a resident who opted in. */
  readonly pseudonym: string | null;
  /** Which group they named, of who agreed that screens may know it. */
  readonly group: OwnGroup | null;
  /** The same, of another consent. */
  readonly noticeName: string | null;
}

/** What every list of the community that concerns a credential says of it. */
export interface Listing {
  readonly credentialId: string;
  readonly entranceIds: readonly string[] | null;
  readonly state: 'granted' | 'denied' | 'gone';
  /** Of what is granted. */
  readonly credential: Credential | null;
  /** Of what is denied: its typed pass code, which a terminal knows without a list. */
  readonly codeNo: number | null;
  /** When time alone changes it. */
  readonly until: InstantMs | null;
}

export interface ListingContext {
  readonly now: InstantMs;
  /** Of the community's pass keys; typed pass codes of an earlier one are void. */
  readonly generation: number;
  /** The place of a schedule in the list. */
  readonly scheduleNo: (scheduleId: string) => number;
}

export function listingOf(stored: StoredCredential, context: ListingContext): Listing {
  const { id: credentialId, entranceIds, revokedAt, codeNo } = stored;
  const to = endOf(stored);
  const said = { credentialId, entranceIds, credential: null, codeNo: null, until: null };
  const isOver = to !== null && to <= context.now;
  if (isOver) return { ...said, state: 'gone' };
  if (revokedAt !== null) {
    const until = to ?? after(revokedAt, denyKeptMs);
    return until <= context.now ? { ...said, state: 'gone' } : { ...said, state: 'denied', codeNo, until };
  }
  if (codeNo !== null && stored.generation !== context.generation) return { ...said, state: 'denied', until: to };
  if (isUsedUp(stored)) return { ...said, state: 'denied', codeNo, until: to };
  return { ...said, state: 'granted', credential: asListed(stored, context), until: to };
}

/** What ends some time after its first use ends then at every door, wherever that use was. */
function endOf({ to, firstUsedAt, lastsMs }: StoredCredential): InstantMs | null {
  if (firstUsedAt === null || lastsMs === null) return to;
  const end = instant(firstUsedAt + lastsMs);
  return to === null || end < to ? end : to;
}

/** Used up at some door, which the others have to hear. */
const isUsedUp = ({ uses, usedCount }: StoredCredential): boolean => uses !== null && usedCount >= uses;

/** A group says nothing of whom no screen knows. */
const namesOf = (pseudonym: string, group: OwnGroup | null) => ({ pseudonym, ...(group !== null && { group }) });

function asListed(stored: StoredCredential, { scheduleNo }: ListingContext): Credential {
  const { kind, person, unit, unitFloor, entranceIds, scheduleId, firstUseBy: by, lastsMs, epoch, tag } = stored;
  const { id, from, uses, openMs, duress, firstUsedAt } = stored;
  const waitsForFirstUse = firstUsedAt === null && (by !== null || lastsMs !== null);
  const shared = {
    id,
    person,
    entrances: entranceIds && [...entranceIds],
    from,
    to: endOf(stored),
    uses,
    openMs,
    floors: floorsFor(person, unit, unitFloor),
    duress,
    schedule: scheduleId === null ? null : scheduleNo(scheduleId),
    firstUse: waitsForFirstUse ? { by, lastsMs } : null,
    // Said of nobody else, so that the lists of those who have not opted in are as they were.
    ...(person === 'resident' && stored.pseudonym !== null && namesOf(stored.pseudonym, stored.group)),
    ...(person === 'resident' && stored.noticeName !== null && { noticeName: stored.noticeName }),
  };
  switch (kind) {
    case 'unit-pin':
      return { kind, unit: unit ?? '', ...shared, epoch, tag };
    case 'phone':
      return { kind, ...shared, x: tag, odd: stored.keyOdd ?? false };
    case 'code':
    case 'card':
      return { kind, ...shared, epoch, tag };
  }
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
function floorsFor(person: PersonClass, unit: string | null, unitFloor: number | null): Credential['floors'] {
  switch (person) {
    case 'staff':
    case 'maintenance':
    case 'emergency':
      return 'all';
    case 'resident':
    case 'child': {
      const floor = unitFloor ?? (unit === null ? undefined : floorOf(unit));
      return floor === undefined ? [] : [floor];
    }
    case 'visitor':
    case 'courier':
      return [];
  }
}

/** Whether the terminal at `entranceId` has to know. */
export const concerns = (entranceIds: readonly string[] | null, entranceId: string): boolean =>
  entranceIds === null || entranceIds.includes(entranceId);
