import { createHash, createHmac } from 'node:crypto';
import { hours, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { mediaManifest } from '@gatecast/firmware-protocol/messages';
import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import type { Content } from '../content/service.ts';
import type { Identity } from '../identity/service.ts';
import { keptBy, type As, type Principal } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { newestFirst } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import type { ClipBlocks } from './clip-blocks.ts';
import type {
  Complaint,
  ComplaintCounts,
  ComplaintMade,
  complaintQuery,
  newComplaint,
  OwnComplaint,
  OwnScreens,
  ScreenFace,
} from './contract.ts';
import { answerBy, isOverdue, keptMs, openPerResidentMax, openPerTerminalMax, tookMs } from './rules.ts';
import * as rows from './store.ts';

type Resident = As<'resident'>;

export interface Complaints {
  /** The screen that shows the token; rejects with `not-found` for one that we did not make. */
  face(token: string): Promise<ScreenFace>;
  /** Rejects with `too-many-requests` while this network or this screen has too many. */
  complain(
    who: Principal,
    token: string,
    said: z.output<typeof newComplaint>,
    from: { readonly address: string | undefined; readonly call: Call },
  ): Promise<ComplaintMade>;
  /** What became of it, for whoever has the receipt. */
  receipt(receipt: string): Promise<OwnComplaint>;
  own(who: Resident, paging: { cursor?: string | undefined; limit?: number | undefined }): Promise<Page<OwnComplaint>>;
  ownScreens(who: Resident): Promise<OwnScreens>;
  list(who: Manager, query: z.output<typeof complaintQuery>): Promise<Page<Complaint>>;
  counts(who: Manager, communityId: string | undefined): Promise<ComplaintCounts>;
  /** Rejects with `conflict` if somebody else was faster. */
  answer(who: Manager, id: string, answer: string, call: Call): Promise<Complaint>;
  mayManage(q: Reads, who: Manager, id: string): Promise<void>;
}

export interface ComplaintParts {
  readonly communities: Communities;
  readonly terminals: Terminals;
  readonly content: Content;
  readonly identity: Pick<Identity, 'brake'>;
  readonly blocks: ClipBlocks;
}

const remindEveryMs = minutes(10);
const remindersMax = 200;

export function createComplaints(platform: Platform, parts: ComplaintParts): Complaints {
  remind(platform);
  forgetOld(platform);
  forgetPeople(platform);
  return { ...passerByPart(platform, parts), ...residentPart(platform, parts), ...deskPart(platform, parts) };
}

async function find(q: Reads, id: string): Promise<rows.PlacedComplaint> {
  const found = await rows.findComplaint(q, { id });
  if (!found) throw notFound('complaint');
  return found;
}

/** For whoever stands before a screen. */
function passerByPart(
  platform: Platform,
  { communities, terminals, content, identity }: ComplaintParts,
): Pick<Complaints, 'face' | 'complain' | 'receipt'> {
  const { store, clock } = platform;
  const screenOf = async (q: Reads, token: string): Promise<TerminalRef> => {
    const terminal = await terminals.byScreenToken(q, token);
    if (!terminal) throw notFound('screen');
    return terminal;
  };
  return {
    async face(token) {
      const terminal = await screenOf(store.read, token);
      const { name: community, officePhone, complaintHours } = await communities.get(store.read, terminal.communityId);
      const { entranceName: entrance, placement } = terminal;
      const manifest = mediaManifest.safeParse(await terminals.newestBody(store.read, terminal.id, 'media'));
      const clips = (manifest.data?.clips ?? []).map(({ sha256, title, advertiser }) => ({
        sha256,
        title,
        advertiser,
      }));
      return { community, entrance, placement, officePhone, answerHours: complaintHours, clips };
    },
    async complain(who, token, { about, clip: sha256, words }, { address, call }) {
      const terminal = await screenOf(store.read, token);
      await identity.brake.count(address, 'complaint');
      const key = await terminals.shortLinkKey(store.read, terminal.id);
      const { id, at } = await store.tx((q) =>
        once(q, clock, call, async () => {
          const residentId = residentOf(who, terminal);
          await mayComplain(q, residentId, terminal.id);
          const clip = sha256 === null ? undefined : (await content.names(q, [sha256])).get(sha256);
          const made = { id: newId('complaint'), at: clock.now(), about, words, residentId };
          const { id: terminalId, communityId } = terminal;
          const named = { clipId: clip?.id ?? null, clipTitle: clip?.title ?? null };
          const row = { ...made, terminalId, communityId, ...named, receiptHash: hashOf(receiptOf(key, made.id)) };
          await q.insert(q.t.screenComplaints).values(row);
          await tell(q, platform, { ...row, companyId: terminal.companyId }, 'made');
          return { id: made.id, at: made.at };
        }),
      );
      const { complaintHours } = await communities.get(store.read, terminal.communityId);
      // The same for a request that came twice: nothing secret is kept for it.
      return { id, receipt: receiptOf(key, id), answerBy: answerBy({ at: instant(at) }, complaintHours) };
    },
    async receipt(receipt) {
      const found = await rows.findComplaint(store.read, { receiptHash: hashOf(receipt) });
      if (!found) throw notFound('complaint');
      const [own] = await showOwn(store.read, [found]);
      if (!own) throw notFound('complaint');
      return own;
    },
  };
}

/** For residents who are signed in. */
function residentPart({ store }: Platform, { terminals }: ComplaintParts): Pick<Complaints, 'own' | 'ownScreens'> {
  return {
    async own({ residentId }, { cursor, limit }) {
      const t = store.read.t.screenComplaints;
      const paging = newestFirst(t.at, t.id, { cursor, limit });
      const page = paging.page(
        await rows.listComplaints(store.read, { residentId }, paging),
        ({ at }) => at,
        (row) => row,
      );
      return { ...page, items: await showOwn(store.read, page.items) };
    },
    async ownScreens({ communityId }) {
      const screens = (await terminals.ofCommunity(store.read, communityId)).filter(({ claimed }) => claimed);
      const items = [];
      for (const screen of screens) {
        const { entranceName: entrance, placement } = screen;
        items.push({ token: await terminals.screenToken(store.read, screen), entrance, placement });
      }
      return { items };
    },
  };
}

/** For whoever answers. */
function deskPart(
  platform: Platform,
  { communities, blocks, content }: ComplaintParts,
): Pick<Complaints, 'list' | 'counts' | 'answer' | 'mayManage'> {
  const { store, clock, audit } = platform;
  const showOne = async (id: string): Promise<Complaint> => {
    const [shown] = await show(platform, { blocks, content }, [await find(store.read, id)]);
    if (!shown) throw notFound('complaint');
    return shown;
  };
  return {
    async list(who, { communityId, about, state, cursor, limit }) {
      const t = store.read.t.screenComplaints;
      const paging = newestFirst(t.at, t.id, { cursor, limit });
      const filter = { companyId: keptBy(who).companyId, communityId, about, isOpen: state === 'open' };
      const page = paging.page(
        await rows.listComplaints(store.read, filter, paging),
        ({ at }) => at,
        (row) => row,
      );
      return { ...page, items: await show(platform, { blocks, content }, page.items) };
    },
    counts: (who, communityId) =>
      rows.countComplaints(store.read, { companyId: keptBy(who).companyId, communityId }, clock.now()),
    async answer(who, id, answer, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const complaint = await find(q, id);
          const t = q.t.screenComplaints;
          const done = await q
            .update(t)
            .set({ answer, answeredAt: clock.now(), answeredBy: who.accountId })
            .where(and(eq(t.id, id), isNull(t.answeredAt)))
            .returning({ id: t.id });
          if (done.length === 0) throw refusal('conflict', 'somebody has answered this already');
          await audit(q, { who, action: 'complaint.answer', subject: id });
          await tell(q, platform, complaint, 'answered');
        }),
      );
      return showOne(id);
    },
    async mayManage(q, who, id) {
      await communities.mayManage(q, who, (await find(q, id)).communityId);
    },
  };
}

async function tell(
  q: Tx,
  { events }: Pick<Platform, 'events'>,
  { id, terminalId, communityId, companyId, residentId, about }: ToldComplaint,
  what: 'made' | 'answered' | 'overdue',
): Promise<void> {
  await events.emit(q, {
    type: 'complaint',
    subject: id,
    companyId,
    communityId,
    ...(residentId !== null && what === 'answered' && { residentId }),
    facts: { terminalId, about, what },
  });
}

type ToldComplaint = Pick<
  rows.PlacedComplaint,
  'id' | 'terminalId' | 'communityId' | 'companyId' | 'residentId' | 'about'
>;

async function mayComplain(q: Reads, residentId: string | null, terminalId: string): Promise<void> {
  if (residentId === null && (await rows.openOf(q, { passersByAt: terminalId })) >= openPerTerminalMax)
    throw refusal('too-many-requests', 'this screen has many complaints already; somebody is at it');
  if (residentId !== null && (await rows.openOf(q, { residentId })) >= openPerResidentMax)
    throw refusal('too-many-requests', 'you have many complaints open already; somebody is at them');
}

/** A neighbour of elsewhere is a passer-by here. */
const residentOf = (who: Principal, { communityId }: TerminalRef): string | null =>
  who.kind === 'account' && who.role === 'resident' && who.communityId === communityId ? who.residentId : null;

const receiptOf = (key: Uint8Array, id: string): string =>
  createHmac('sha256', key).update('complaint').update(id).digest().subarray(0, 16).toString('base64url');

const hashOf = (receipt: string): string => createHash('sha256').update(receipt).digest('base64url');

async function showOwn(q: Reads, found: readonly rows.PlacedComplaint[]): Promise<OwnComplaint[]> {
  const screens = await screensOf(q, found);
  return found.map((row) => ownOf(row, screens));
}

const screensOf = (q: Reads, found: readonly rows.PlacedComplaint[]) =>
  rows.screensOf(
    q,
    found.map(({ terminalId }) => terminalId),
  );

function ownOf(row: rows.PlacedComplaint, screens: ReadonlyMap<string, rows.ComplaintScreen>): OwnComplaint {
  const { id, terminalId, about, clipTitle, words, at, answer, answeredAt, complaintHours, zone } = row;
  const entrance = screens.get(terminalId)?.entrance ?? '';
  const due = answerBy(row, complaintHours);
  return { id, entrance, about, clipTitle, words, at, answerBy: due, zone, answer, answeredAt };
}

async function show(
  { store, clock }: Platform,
  { blocks, content }: Pick<ComplaintParts, 'blocks' | 'content'>,
  found: readonly rows.PlacedComplaint[],
): Promise<Complaint[]> {
  const now = clock.now();
  const screens = await screensOf(store.read, found);
  const clips = found.flatMap(({ clipId }) => clipId ?? []);
  const stills = await content.posters.ofClips(store.read, clips);
  const blocked = new Map<string, ReadonlySet<string>>();
  for (const id of new Set(found.map(({ communityId }) => communityId)))
    blocked.set(id, await blocks.of(store.read, id));
  return found.map((row) => {
    const { communityId, communityName, terminalId, clipId, clipTitle, residentId, complaintHours } = row;
    const { clipTitle: _title, ...shared } = ownOf(row, screens);
    const until = screens.get(terminalId)?.mutedUntil ?? null;
    const isBlocked = clipId !== null && (blocked.get(communityId)?.has(clipId) ?? false);
    return {
      ...shared,
      communityId,
      communityName,
      terminalId,
      clip:
        clipId === null
          ? null
          : { id: clipId, title: clipTitle ?? '', isBlocked, posterUrl: stills.get(clipId) ?? null },
      isResident: residentId !== null,
      mutedUntil: until !== null && until > now ? until : null,
      isOverdue: isOverdue(row, complaintHours, now),
      tookMs: tookMs(row),
    };
  });
}

/** Whoever has the page open is told once that an answer is late. */
function remind(platform: Platform): void {
  const { store, clock, jobs } = platform;
  jobs.handle('complaints.remind', {
    everyMs: remindEveryMs,
    run: () =>
      store.tx(async (q) => {
        for (const complaint of await rows.unreminded(q, clock.now(), remindersMax)) {
          const t = q.t.screenComplaints;
          await q.update(t).set({ remindedAt: clock.now() }).where(eq(t.id, complaint.id));
          await tell(q, platform, complaint, 'overdue');
        }
      }),
  });
}

function forgetOld({ store, clock, jobs }: Platform): void {
  jobs.handle('complaints.forget', {
    everyMs: hours(24),
    run: () => store.tx((q) => rows.forget(q, instant(clock.now() - keptMs))),
  });
}

/** What a resident said of a screen is theirs to have; without them it is a passer-by's, whose words go with them. */
function forgetPeople({ privacy }: Platform): void {
  privacy.register({
    name: 'screen-complaints',
    async export(q, residentId) {
      const t = q.t.screenComplaints;
      const found = await q
        .select({ at: t.at, about: t.about, words: t.words, answer: t.answer, answeredAt: t.answeredAt })
        .from(t)
        .where(eq(t.residentId, residentId));
      return [{ heading: { zh: '对屏幕的意见', en: 'Words about the screens' }, items: found }];
    },
    async erase(q, residentId) {
      const t = q.t.screenComplaints;
      await q.update(t).set({ residentId: null, words: '' }).where(eq(t.residentId, residentId));
    },
  });
}
