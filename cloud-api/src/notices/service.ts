import { newId, type InstantMs } from '@gatecast/firmware-protocol';
import {
  noticesMax,
  type NoticeBoard,
  type PersonalNotice,
  type PostedNotice,
} from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { keptBy } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { newestFirst } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import type { newNotice, Notice, noticeQuery } from './contract.ts';
import { isFor, noticeState, postedAt, readsNotices } from './rules.ts';
import * as rows from './store.ts';

type ChangeHook = (q: Tx, communityId: string) => Promise<void>;
/** Words for single persons of a community, by names that mean nothing here. */
type PersonalWords = (q: Reads, communityId: string, now: InstantMs) => Promise<readonly PersonalNotice[]>;

export interface Notices {
  list(who: Manager, query: z.output<typeof noticeQuery>): Promise<Page<Notice>>;
  /** Rejects with `notice-window-invalid`, `too-many-notices`, or `not-found` for an entrance of another community. */
  create(who: Manager, input: z.output<typeof newNotice>, call: Call): Promise<Notice>;
  /** Takes it off the screens; one that is over stays as it is. */
  end(who: Manager, id: string): Promise<Notice>;
  /** Rejects with `not-found` unless it is a notice of a community that `who` manages. */
  mayManage(q: Reads, who: Manager, id: string): Promise<void>;

  /** What the plans of a community's screens say of notices: nothing to those that read a document of their own. */
  planned(q: Reads, communityId: string): Promise<(screen: TerminalRef) => PostedNotice[]>;
  /** Notes which version of a screen's plan has which notices. */
  delivered(q: Tx, screen: TerminalRef, planVersion: number, noticeIds: readonly string[]): Promise<void>;
  /** Runs in the transaction that changes what the plans of a community say of notices. */
  onPlannedChange(hook: ChangeHook): void;

  /** Says who has words for single persons; once. */
  personally(words: PersonalWords): void;
  /** Those words have changed: the screens of the community are told. */
  repost(q: Tx, communityId: string): Promise<void>;
}

/** What the property says on its screens: announcements, and emergencies before everything else. */
export function createNotices(platform: Platform, communities: Communities, terminals: Terminals): Notices {
  const { store, clock, audit, events } = platform;
  const hooks: ChangeHook[] = [];
  const { post, claimedAt, persons } = createBoards(platform, terminals);
  const changed = async (
    q: Tx,
    who: Manager,
    { id, communityId, companyId, level }: rows.OwnedNotice,
    verb: string,
  ) => {
    await audit(q, { who, action: `notice.${verb}`, subject: id, facts: { level, communityId } });
    await events.emit(q, { type: 'notice', subject: id, companyId, communityId, facts: { level, verb } });
    const screens = await claimedAt(q, communityId);
    await post(q, screens);
    if (!screens.every(readsNotices)) for (const hook of hooks) await hook(q, communityId);
  };
  terminals.onClaimed((q, screen) => post(q, [screen]));
  terminals.onProtocol(async (q, screen) => {
    await post(q, [screen]);
    for (const hook of hooks) await hook(q, screen.communityId);
  });
  const show = async (notices: readonly rows.NoticeRow[]) => showAll(store.read, terminals, notices, clock.now());
  const showOne = async (id: string): Promise<Notice> => {
    const [shown] = await show([await find(store.read, id)]);
    if (!shown) throw notFound('notice');
    return shown;
  };

  return {
    async list(who, { communityId, state, cursor, limit }) {
      const t = store.read.t.notices;
      const paging = newestFirst(t.createdAt, t.id, { cursor, limit });
      const currentAt = state === 'current' ? clock.now() : undefined;
      const filter = { companyId: keptBy(who).companyId, communityId, currentAt };
      const found = await rows.listNotices(store.read, filter, paging);
      const page = paging.page(
        found,
        ({ createdAt }) => createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    async create(who, input, call) {
      const { id } = await store.tx((q) =>
        once(q, clock, call, async () => {
          await mayStand(q, communities, input, clock.now());
          const id = newId('notice');
          await q.insert(q.t.notices).values({ id, ...stored(input), createdAt: clock.now() });
          await changed(q, who, await find(q, id), 'create');
          return { id };
        }),
      );
      return showOne(id);
    },
    async end(who, id) {
      await store.tx(async (q) => {
        const notice = await find(q, id);
        if (noticeState(notice, clock.now()) === 'over') return;
        await q.update(q.t.notices).set({ endedAt: clock.now() }).where(eq(q.t.notices.id, id));
        await changed(q, who, notice, 'end');
      });
      return showOne(id);
    },
    async mayManage(q, who, id) {
      await communities.mayManage(q, who, (await find(q, id)).communityId);
    },
    ...planningPart(platform),
    onPlannedChange: (hook) => void hooks.push(hook),
    ...persons,
  };
}

async function find(q: Reads, id: string): Promise<rows.OwnedNotice> {
  const found = await rows.findNotice(q, id);
  if (!found) throw notFound('notice');
  return found;
}

/** The `notices` documents of screens, with what their community's persons are told. */
function createBoards(platform: Platform, terminals: Terminals) {
  let words: PersonalWords = async () => [];
  const post = (q: Tx, screens: readonly TerminalRef[]) => postOn(platform, terminals, words, q, screens);
  const claimedAt = async (q: Tx, communityId: string) =>
    (await terminals.ofCommunity(q, communityId)).filter(({ claimed }) => claimed);
  return {
    post,
    claimedAt,
    persons: {
      personally: (told: PersonalWords): void => void (words = told),
      repost: async (q: Tx, communityId: string) => post(q, await claimedAt(q, communityId)),
    },
  };
}

/** For the plans of terminals that read no document of notices. */
function planningPart({ clock }: Platform): Pick<Notices, 'planned' | 'delivered'> {
  return {
    async planned(q, communityId) {
      const current = await rows.currentNotices(q, communityId, clock.now());
      return (screen) => (readsNotices(screen) ? [] : postedAt(screen.entranceId, current));
    },
    async delivered(q, screen, version, noticeIds) {
      if (!readsNotices(screen))
        await rows.saveDelivered(q, { terminalId: screen.id, kind: 'plan', version, noticeIds });
    },
  };
}

/** The `notices` documents of some screens. One that does not read them yet has its own ready. */
async function postOn(
  { clock }: Platform,
  terminals: Terminals,
  words: PersonalWords,
  q: Tx,
  screens: readonly TerminalRef[],
): Promise<void> {
  const now = clock.now();
  const read = async (communityId: string) => ({
    current: await rows.currentNotices(q, communityId, now),
    personal: [...(await words(q, communityId, now))],
  });
  const known = new Map<string, Awaited<ReturnType<typeof read>>>();
  for (const screen of screens) {
    const { id: terminalId, communityId } = screen;
    const here = known.get(communityId) ?? (await read(communityId));
    known.set(communityId, here);
    const { personal } = here;
    const board: NoticeBoard = { notices: postedAt(screen.entranceId, here.current), personal };
    const version = await terminals.publishDocument(q, terminalId, 'notices', board);
    const noticeIds = board.notices.map(({ id }) => id);
    if (readsNotices(screen)) await rows.saveDelivered(q, { terminalId, kind: 'notices', version, noticeIds });
  }
}

const stored = ({ from, to, ...rest }: z.output<typeof newNotice>) => ({
  ...rest,
  from: from as InstantMs,
  to: to as InstantMs,
});

async function mayStand(
  q: Tx,
  communities: Communities,
  { communityId, entranceIds, from, to }: z.output<typeof newNotice>,
  now: InstantMs,
): Promise<void> {
  if (to <= from || to <= now)
    throw refusal('notice-window-invalid', 'a notice ends after it begins, and not in the past');
  for (const id of entranceIds ?? []) {
    if ((await communities.entrance(q, id)).communityId !== communityId) throw notFound('entrance');
  }
  if ((await rows.currentNotices(q, communityId, now)).length >= noticesMax) {
    throw refusal('too-many-notices', `a community has ${noticesMax} notices at most that are not over`);
  }
}

/** Notices as the API shows them, with the screens that have each. */
async function showAll(
  q: Reads,
  terminals: Terminals,
  notices: readonly rows.NoticeRow[],
  now: InstantMs,
): Promise<Notice[]> {
  const deliveries = await rows.deliveriesOf(
    q,
    notices.map(({ id }) => id),
  );
  const ids = [...new Set(deliveries.map(({ terminalId }) => terminalId))];
  const applied = {
    plan: await terminals.appliedVersions(q, 'plan', ids),
    notices: await terminals.appliedVersions(q, 'notices', ids),
  };
  const screens = new Map<string, readonly string[]>();
  for (const communityId of new Set(notices.map((notice) => notice.communityId))) {
    const claimed = (await terminals.ofCommunity(q, communityId)).filter((one) => one.claimed);
    screens.set(
      communityId,
      claimed.map(({ entranceId }) => entranceId),
    );
  }
  return notices.map((notice) => {
    const has = deliveries.filter(({ noticeId, terminalId, kind, version, endVersion }) => {
      const current = applied[kind].get(terminalId) ?? 0;
      return noticeId === notice.id && current >= version && (endVersion === null || current < endVersion);
    });
    const meantFor = (screens.get(notice.communityId) ?? []).filter((entranceId) => isFor(notice, entranceId));
    return {
      id: notice.id,
      communityId: notice.communityId,
      level: notice.level,
      title: notice.title,
      text: notice.text,
      entranceIds: notice.entranceIds && [...notice.entranceIds],
      from: notice.from,
      to: notice.to,
      state: noticeState(notice, now),
      // A screen ends a notice by itself in time.
      shownOn: { terminals: now < notice.to ? has.length : 0, of: meantFor.length },
      createdAt: notice.createdAt,
      endedAt: notice.endedAt,
    };
  });
}
