import { after, hours, instant, invariant, newId, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import { encodeSignedPass, hourOf, passWindowMs } from '@gatecast/firmware-protocol/pass';
import type { Communities } from '../communities/service.ts';
import { keptBy, type Account, type Keeper } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { AccessLists } from './lists.ts';
import { freeOfflineCode, offlineCode } from './offline-code.ts';
import { passCode } from './pass-code.ts';
import type { NewPass, Pass, PassCreated, PassPerson } from './pass-contract.ts';
import type { PassKeyBook } from './pass-keys.ts';
import { codeWindow, isWindow, maySign, type PassTerms } from './pass-rules.ts';
import * as rows from './pass-store.ts';
import { showPasses } from './pass-view.ts';
import { pinEpoch } from './rules.ts';
import type { Schedules } from './schedules.ts';
import { cardsOfPasses, revokeAll, tagIsTaken, type CredentialRow } from './credential-store.ts';

interface PassQuery extends Paging {
  readonly communityId?: string | undefined;
  readonly person?: PassPerson | undefined;
  readonly state?: Pass['state'] | undefined;
  readonly search?: string | undefined;
  /** The resident who invited. */
  readonly hostId?: string | undefined;
  /** A local day of the community, which has to be named then. */
  readonly day?: string | undefined;
}

/** A pass that is asked for, and by whom it is meant. */
export interface WantedPass {
  readonly communityId: string;
  readonly hostId: string | null;
  readonly terms: PassTerms;
}

export interface Passes {
  /** Rejects with `pass-window-invalid`, or with `not-found` for an entrance or a schedule of elsewhere. */
  create(who: Account, input: NewPass, call: Call): Promise<PassCreated>;
  /** As `create`, of what `want` says in the same transaction. */
  createFor(who: Account, call: Call, want: (q: Tx) => Promise<WantedPass>): Promise<PassCreated>;
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<Pass>;
  list(who: Keeper, query: PassQuery): Promise<Page<Pass>>;
  /** The invitations of one resident. */
  ofHost(hostId: string, paging: Paging): Promise<Page<Pass>>;
  /** A second time changes nothing. */
  revoke(who: Account, id: string): Promise<Pass>;
}

interface PassParts {
  readonly communities: Communities;
  readonly lists: AccessLists;
  readonly keys: PassKeyBook;
  readonly schedules: Pick<Schedules, 'find'>;
}

/** Passes of visitors, couriers, staff and whoever else does not live here. */
export function createPasses(platform: Platform, parts: PassParts): Passes {
  const { store, clock, audit } = platform;
  const { communities, lists, schedules } = parts;
  takeBackVoided(platform, parts);

  const show = (q: Reads, found: readonly CredentialRow[]) => showPasses(q, lists, found, clock.now());
  const get = async (q: Reads, id: string): Promise<Pass> => {
    const row = await rows.findPass(q, id);
    const [shown] = row ? await show(q, [row]) : [];
    if (!shown) throw notFound('pass');
    return shown;
  };
  const page = async (filter: rows.PassFilter, paging: Paging): Promise<Page<Pass>> => {
    const { items, nextCursor } = await rows.listPasses(store.read, filter, paging, clock.now());
    return { items: await show(store.read, items), nextCursor };
  };
  const createFor: Passes['createFor'] = async (who, call, want) => {
    const made = await store.tx(async (q) => {
      const { id } = await once(q, clock, call, async () => ({
        id: await insertPass(q, platform, parts, who, await want(q)),
      }));
      const row = await rows.findPass(q, id);
      invariant(row, 'a pass that was made is there');
      return { id, code: await codeOf(q, platform, parts, row), qr: await qrOf(q, parts, row) };
    });
    return { ...(await get(store.read, made.id)), code: made.code, qr: made.qr };
  };

  return {
    get,
    createFor,
    create: (who, input, call) =>
      createFor(who, call, async (q) => {
        for (const entranceId of input.entranceIds ?? []) {
          if ((await communities.entrance(q, entranceId)).communityId !== input.communityId) throw notFound('entrance');
        }
        if (input.scheduleId) {
          const schedule = await schedules.find(q, input.scheduleId);
          if (schedule.communityId !== input.communityId) throw notFound('schedule');
        }
        return { communityId: input.communityId, hostId: null, terms: termsOf(input) };
      }),
    async list(who, { communityId, person, state, search, hostId, day, ...paging }) {
      const during = day === undefined ? undefined : await dayOf(store.read, communities, communityId, day);
      return page({ ...keptBy(who), communityId, person, state, search, hostId, during }, paging);
    },
    ofHost: (hostId, paging) => page({ hostId }, paging),
    async revoke(who, id) {
      await store.tx(async (q) => {
        const row = await rows.findPass(q, id);
        if (!row) throw notFound('pass');
        const revoked = await revokeAll(q, [id, ...(await cardsOfPasses(q, [id]))], clock.now());
        if (!revoked.includes(id)) return;
        await audit(q, { who, action: 'pass.revoke', subject: id });
        await tellPass(q, platform, communities, row);
        await lists.publish(q, row.communityId, revoked);
      });
      return get(store.read, id);
    },
  };
}

async function insertPass(
  q: Tx,
  platform: Platform,
  parts: PassParts,
  who: Account,
  { communityId, hostId, terms }: WantedPass,
): Promise<string> {
  const { clock, signer, audit } = platform;
  const { lists, keys, communities } = parts;
  const now = clock.now();
  if (!isWindow(terms, now))
    throw refusal(
      'pass-window-invalid',
      'a pass begins within a year, ends after it begins, in the future, and lasts a year at most',
    );
  await keys.ensure(q, communityId);
  const id = newId('credential');
  const window = codeWindow(terms);
  const offline =
    window && (await freeOfflineCode(q, { signer, keys }, { communityId, window, uses: terms.uses, now }));
  const isFree = async (tag: string) => !(await tagIsTaken(q, communityId, tag));
  const { tag } = offline ?? (await passCode(q, signer, { id, communityId }, isFree));
  const span = offline && window ? passWindowMs({ ...window, index: 0 }) : terms;
  const row = {
    ...terms,
    id,
    communityId,
    hostId,
    kind: 'code',
    from: span.from as InstantMs,
    to: span.to as InstantMs | null,
    epoch: pinEpoch,
    tag,
    codeNo: offline?.codeNo ?? null,
    generation: offline?.generation ?? (await keys.generation(q, communityId)),
    createdAt: now,
  } as const;
  await q.insert(q.t.credentials).values(row);
  await audit(q, { who, action: 'pass.create', subject: id, facts: { person: terms.person } });
  await tellPass(q, platform, communities, row);
  await lists.publish(q, communityId, [id]);
  return id;
}

/** The pass's typed code, made anew. */
async function codeOf(q: Reads, { signer }: Platform, { keys }: PassParts, row: CredentialRow): Promise<string> {
  const { communityId, codeNo, generation, from, to } = row;
  if (codeNo === null) return (await passCode(q, signer, row, (tag) => tag === row.tag)).code;
  invariant(from !== null && to !== null && generation !== null, 'a code that works offline has a window');
  const window = codeWindow({ ...termsOfRow(row), from, to });
  invariant(window?.startHour === hourOf(from), 'the window of such a code is in whole hours');
  return offlineCode(q, keys, communityId, { ...window, index: codeNo % placesOfWindow }, generation);
}
/** Passes of one window (`passCodeNo`). */
const placesOfWindow = 4;

/** The pass as a QR code's text; null for one that such a code cannot stand for. */
async function qrOf(q: Tx, { keys }: PassParts, row: CredentialRow): Promise<string | null> {
  const { id, communityId, from, to, entranceIds, uses, generation, codeNo } = row;
  const terms = termsOfRow(row);
  if (from === null || to === null || !maySign({ ...terms, from, to })) return null;
  const numbers = entranceIds && (await keys.doorNumbers(q, communityId));
  const doors = entranceIds?.map((entranceId) => numbers?.get(entranceId) ?? 0) ?? null;
  const issuer = await keys.issuer(q, communityId, generation ?? undefined);
  return encodeSignedPass({ id, from, to, doors, uses, person: terms.person, codeNo }, (bytes) => issuer.sign(bytes));
}

/** Passes whose codes a new generation of keys voids are taken back whole: half a pass would be a riddle to whoever has it. */
function takeBackVoided({ clock }: Platform, { keys, lists }: PassParts): void {
  keys.onRolled(async (q, communityId, voided) => {
    const revoked = await revokeAll(q, [...voided, ...(await cardsOfPasses(q, voided))], clock.now());
    await lists.publish(q, communityId, revoked);
  });
}

/** Pages that show passes look again. */
export async function tellPass(
  q: Tx,
  { events }: Pick<Platform, 'events'>,
  communities: Pick<Communities, 'get'>,
  { id, communityId, hostId }: Pick<CredentialRow, 'id' | 'communityId' | 'hostId'>,
): Promise<void> {
  const { propertyCompanyId: companyId } = await communities.get(q, communityId);
  const forHost = hostId === null ? {} : { residentId: hostId };
  await events.emit(q, { type: 'pass', subject: id, companyId, communityId, ...forHost });
}

async function dayOf(q: Reads, communities: Communities, communityId: string | undefined, day: string) {
  if (communityId === undefined) throw refusal('invalid-request', 'a day is a day of some community');
  const { zone } = await communities.get(q, communityId);
  const from = zonedInstant(day, 0, zone);
  // Noon of the next day is in the next day, however the clocks are changed.
  const next = new Date(Date.parse(`${day}T12:00:00Z`) + hours(24)).toISOString().slice(0, 10);
  return { from, to: zonedInstant(next, 0, zone) };
}

function termsOf(input: NewPass): PassTerms {
  const { person, label, entranceIds, uses, scheduleId = null, openMs = null } = input;
  const { firstUseWithinHours = null, lastsHours = null } = input;
  const from = instant(input.from);
  return {
    person,
    label,
    entranceIds,
    from,
    to: input.to === null ? null : instant(input.to),
    uses,
    scheduleId,
    openMs,
    firstUseBy: firstUseWithinHours === null ? null : after(from, hours(firstUseWithinHours)),
    lastsMs: lastsHours === null ? null : hours(lastsHours),
  };
}

function termsOfRow(row: CredentialRow): Omit<PassTerms, 'from' | 'to'> {
  const { person, label, entranceIds, uses, scheduleId, openMs, firstUseBy, lastsMs } = row;
  invariant(person !== 'resident' && person !== 'child', 'a pass is for somebody who does not live here');
  return { person, label: label ?? '', entranceIds, uses, scheduleId, openMs, firstUseBy, lastsMs };
}
