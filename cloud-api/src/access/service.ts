import { createHmac } from 'node:crypto';
import { hours, invariant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { codePreimage, credentialsMax, pinPreimage, type AccessList } from '@gatecast/firmware-protocol/messages';
import { pinKeyPurpose, seal } from '@gatecast/firmware-protocol/node';
import type { z } from 'zod';
import { isTrivialPin } from '../communities/rules.ts';
import type { Communities, Manager } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import type { AccessEvent, newPass, Pass, PassCreated } from './contract.ts';
import { denyKeptMs, listFor, namesKeptMs, passDaysMax, passState, pinEpoch } from './rules.ts';
import * as rows from './store.ts';

const codeAttemptsMax = 50;
interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface Access {
  createPass(who: Account, input: z.output<typeof newPass>, call: Call): Promise<PassCreated>;
  /** Rejects with `not-found`. */
  pass(q: Reads, id: string): Promise<Pass>;
  passes(who: Manager, query: Paging & { readonly communityId?: string | undefined }): Promise<Page<Pass>>;
  /** A second time changes nothing. */
  revokePass(who: Account, id: string): Promise<Pass>;
  events(who: Manager, query: Paging & Omit<rows.EventFilter, 'companyId'>): Promise<Page<AccessEvent>>;
}

export function createAccess(platform: Platform, communities: Communities, terminals: Terminals): Access {
  const { store, clock, signer, audit, jobs } = platform;

  const pinKey = (q: Reads, communityId: string) => signer.derive(q, 'code-root', communityId, `pin-key|${pinEpoch}`);
  const tagOf = async (q: Reads, communityId: string, text: string) =>
    createHmac('sha256', await pinKey(q, communityId))
      .update(text)
      .digest('base64url');

  const publishList = async (q: Tx, terminal: TerminalRef, credentials: readonly rows.CredentialRow[]) => {
    if (terminal.sealingKey === null) return undefined;
    const key = await pinKey(q, terminal.communityId);
    const sealed = seal(terminal.sealingKey, pinKeyPurpose(pinEpoch), key);
    const body: AccessList = {
      zone: terminal.zone,
      pinKeys: [{ epoch: pinEpoch, sealed }],
      ...listFor(terminal.entranceId, credentials, clock.now()),
    };
    if (body.credentials.length > credentialsMax)
      throw refusal('list-full', `a terminal holds ${credentialsMax} credentials`);
    return terminals.publishDocument(q, terminal.id, 'access', body);
  };

  /** New lists for every terminal of the community; the versions tell when what changed has arrived everywhere. */
  const publishLists = async (q: Tx, communityId: string, changed: readonly string[]) => {
    const now = clock.now();
    const credentials = await rows.listedCredentials(q, communityId, now, (now - denyKeptMs) as InstantMs);
    for (const terminal of await terminals.ofCommunity(q, communityId)) {
      const version = await publishList(q, terminal, credentials);
      if (version === undefined) continue;
      for (const id of changed) await rows.saveDelivery(q, id, terminal.id, version);
    }
  };

  terminals.onClaimed(async (q, terminal) => {
    const now = clock.now();
    await publishList(
      q,
      terminal,
      await rows.listedCredentials(q, terminal.communityId, now, (now - denyKeptMs) as InstantMs),
    );
  });

  communities.onPin(async (q, resident, pin) => {
    const now = clock.now();
    const id = newId('credential');
    const before = await rows.pinsOfResident(q, resident.id);
    for (const old of before) await rows.revokeCredential(q, old.id, now);
    await q.insert(q.t.credentials).values({
      id,
      communityId: resident.communityId,
      kind: 'unit-pin',
      person: 'resident',
      residentId: resident.id,
      unit: resident.unit,
      epoch: pinEpoch,
      tag: await tagOf(q, resident.communityId, pinPreimage(id, pin)),
      createdAt: now,
    });
    await publishLists(q, resident.communityId, [id]);
  });

  jobs.handle('access.forget-names', {
    everyMs: hours(6),
    run: () => store.tx((q) => rows.forgetNames(q, (clock.now() - namesKeptMs) as InstantMs)),
  });

  /**
   * Candidates for the code of a pass, in order. They come from the community's root secret and the pass's id, so that the very first
   * answer can be given again to the same idempotency key without the code being stored anywhere.
   */
  const codeOf = async (q: Reads, communityId: string, passId: string, attempt: number): Promise<string> => {
    const bytes = await signer.derive(q, 'code-root', communityId, `pass|${passId}|${attempt}`);
    return String(bytes.readUIntBE(0, 6) % 100_000_000).padStart(8, '0');
  };
  const findCode = async (
    q: Reads,
    communityId: string,
    passId: string,
    fits: (tag: string) => Promise<boolean> | boolean,
  ): Promise<{ code: string; tag: string }> => {
    for (let attempt = 0; attempt < codeAttemptsMax; attempt += 1) {
      const code = await codeOf(q, communityId, passId, attempt);
      const tag = await tagOf(q, communityId, codePreimage(code));
      if (!isTrivialPin(code) && (await fits(tag))) return { code, tag };
    }
    throw refusal('conflict', 'no free code was found; try again');
  };

  const shownAll = async (q: Reads, passes: readonly rows.CredentialRow[]): Promise<Pass[]> => {
    const deliveries = await rows.deliveriesOf(
      q,
      passes.map(({ id }) => id),
    );
    const applied = await terminals.appliedVersions(q, 'access', [
      ...new Set(deliveries.map(({ terminalId }) => terminalId)),
    ]);
    return passes.map((row) => {
      const own = deliveries.filter(({ credentialId }) => credentialId === row.id);
      const arrived = own.filter(({ terminalId, version }) => (applied.get(terminalId) ?? 0) >= version);
      return passOf(row, { terminals: arrived.length, of: own.length }, clock.now());
    });
  };
  const pass = async (q: Reads, id: string): Promise<Pass> => {
    const row = await rows.findPass(q, id);
    const [shown] = row ? await shownAll(q, [row]) : [];
    if (!shown) throw notFound('pass');
    return shown;
  };

  return {
    pass,

    async createPass(who, input, call) {
      const { communityId, label, entranceIds, from, to, uses } = input;
      if (to <= from || to <= clock.now() || to - from > passDaysMax) {
        throw refusal('pass-window-invalid', 'a pass ends after it begins, in the future, and lasts a year at most');
      }
      const { id } = await store.tx((q) =>
        once(q, clock, call, async () => {
          for (const entranceId of entranceIds ?? []) {
            if ((await communities.entrance(q, entranceId)).communityId !== communityId) throw notFound('entrance');
          }
          const made = newId('credential');
          const { tag } = await findCode(
            q,
            communityId,
            made,
            async (free) => !(await rows.tagIsTaken(q, communityId, free)),
          );
          await q.insert(q.t.credentials).values({
            id: made,
            communityId,
            kind: 'code',
            person: 'visitor',
            label,
            entranceIds,
            from: from as InstantMs,
            to: to as InstantMs,
            uses,
            epoch: pinEpoch,
            tag,
            createdAt: clock.now(),
          });
          await audit(q, { who, action: 'pass.create', subject: made });
          await publishLists(q, communityId, [made]);
          return { id: made };
        }),
      );
      const stored = await rows.findPass(store.read, id);
      invariant(stored, 'a pass that was made is there');
      const { code } = await findCode(store.read, communityId, id, (tag) => tag === stored.tag);
      return { ...(await pass(store.read, id)), code };
    },

    async passes(who, { communityId, cursor, limit = pageSizeDefault }) {
      const companyId = who.role === 'property' ? who.companyId : undefined;
      const before = cursor === undefined ? undefined : decodeCursor<[InstantMs, string]>(cursor, ['number', 'string']);
      const found = await rows.listPasses(store.read, { companyId, communityId }, before, limit + 1);
      const { items, nextCursor } = pageOf(
        found,
        limit,
        (row) => [row.createdAt, row.id],
        (row) => row,
      );
      return { items: await shownAll(store.read, items), nextCursor };
    },

    async revokePass(who, id) {
      await store.tx(async (q) => {
        const row = await rows.findPass(q, id);
        if (!row) throw notFound('pass');
        if (!(await rows.revokeCredential(q, id, clock.now()))) return;
        await audit(q, { who, action: 'pass.revoke', subject: id });
        await publishLists(q, row.communityId, [id]);
      });
      return pass(store.read, id);
    },

    async events(who, { cursor, limit = pageSizeDefault, ...filter }) {
      const companyId = who.role === 'property' ? who.companyId : undefined;
      const before = cursor === undefined ? undefined : decodeCursor<[number, number]>(cursor, ['number', 'number']);
      const found = await rows.listEvents(store.read, { companyId, ...filter }, before, limit + 1);
      return pageOf(found, limit, ({ event }) => [event.at, event.no], shownEvent);
    },
  };
}

function passOf(row: rows.CredentialRow, delivered: Pass['delivered'], now: InstantMs): Pass {
  const { from, to, label } = row;
  invariant(from !== null && to !== null && label !== null, 'a pass has a label and a window');
  return {
    id: row.id,
    communityId: row.communityId,
    label,
    entranceIds: row.entranceIds && [...row.entranceIds],
    from,
    to,
    uses: row.uses,
    state: passState({ from, to, revokedAt: row.revokedAt }, now),
    delivered,
    createdAt: row.createdAt,
  };
}

function shownEvent(row: Awaited<ReturnType<typeof rows.listEvents>>[number]): AccessEvent {
  const { event } = row;
  const person = event.person ?? row.credentialPerson;
  const name = row.residentName ?? row.label;
  return {
    id: `${event.terminalId}.${event.epoch}.${event.seq}`,
    terminalId: event.terminalId,
    terminalName: row.terminalName,
    entranceId: event.entranceId,
    entranceName: row.entranceName ?? '',
    kind: event.kind,
    via: event.via,
    reason: event.reason,
    who: person !== null && name !== null ? { person, name, unit: row.unit } : null,
    pulseMs: event.pulseMs,
    at: event.at,
    receivedAt: event.receivedAt,
    seq: event.seq,
  };
}
