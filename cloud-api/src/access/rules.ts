import { after, days, type InstantMs } from '@gatecast/firmware-protocol';
import type { AccessList, Credential, PersonClass } from '@gatecast/firmware-protocol/messages';
import { doorAlarm, doorPrivate, doorRows, type JournalRow } from '@gatecast/firmware-protocol/messages';
import type { AccessEvent } from './contract.ts';
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

/** One entry of the access log as the door's journal tells it. */
export interface LogEntry {
  readonly entranceId: string;
  readonly kind: AccessEvent['kind'];
  readonly via: AccessEvent['via'];
  readonly reason: string | null;
  readonly person: PersonClass | null;
  readonly pulseMs: number | null;
  readonly credentialId: string | null;
  readonly touchId: string | null;
  readonly salt: string | null;
}

const plain = { via: null, reason: null, person: null, pulseMs: null, credentialId: null, touchId: null, salt: null };

/** What a row of the door stream says in the log; undefined for rows that are not for it, or that no schema of ours reads. */
export function logEntry(row: Pick<JournalRow, 'kind' | 'body' | 'private'>): LogEntry | undefined {
  switch (row.kind) {
    case 'opened': {
      const body = doorRows.opened.safeParse(row.body).data;
      return (
        body && {
          ...plain,
          ...named(row),
          entranceId: body.entrance,
          kind: 'opened',
          via: body.via,
          person: body.person,
          pulseMs: body.pulseMs,
        }
      );
    }
    case 'refused': {
      const body = doorRows.refused.safeParse(row.body).data;
      return (
        body && {
          ...plain,
          ...named(row),
          entranceId: body.entrance,
          kind: 'refused',
          via: body.via,
          reason: body.reason,
        }
      );
    }
    case 'alarm': {
      const body = doorRows.alarm.safeParse(row.body).data;
      return (
        body && {
          ...plain,
          ...named(row),
          entranceId: body.entrance,
          kind: body.alarm,
          reason: body.active ? null : 'over',
        }
      );
    }
    case 'mode': {
      const body = doorRows.mode.safeParse(row.body).data;
      // That a program started and nothing is special about the door is no news.
      if (!body || (body.cause === 'start' && body.mode === 'normal')) return undefined;
      return { ...plain, entranceId: body.entrance, kind: 'mode', reason: body.mode };
    }
    case 'reader': {
      const body = doorRows.reader.safeParse(row.body).data;
      return body && { ...plain, entranceId: body.entrance, kind: 'reader', reason: body.state };
    }
    case 'exit': {
      const body = doorRows.exit.safeParse(row.body).data;
      return body && { ...plain, entranceId: body.entrance, kind: 'exit', via: 'exit' };
    }
    case 'fire': {
      const body = doorRows.fire.safeParse(row.body).data;
      return (
        body && {
          ...plain,
          entranceId: body.entrance,
          kind: 'fire',
          via: 'fire',
          reason: body.active ? 'active' : 'over',
        }
      );
    }
    default:
      return undefined;
  }
}

function named(row: Pick<JournalRow, 'private'>): Pick<LogEntry, 'credentialId' | 'touchId' | 'salt'> {
  const data = doorPrivate.safeParse(row.private?.data).data;
  return { credentialId: data?.credential ?? null, touchId: data?.touch ?? null, salt: row.private?.salt ?? null };
}

const alarms: ReadonlySet<AccessEvent['kind']> = new Set(['fire', ...doorAlarm.exclude(['door-online']).options]);
export const isAlarm = (kind: AccessEvent['kind']): boolean => alarms.has(kind);
