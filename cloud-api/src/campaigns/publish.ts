import {
  after,
  days,
  halfHourOf,
  instant,
  localTime,
  minutes,
  zonedInstant,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { planDays, posterBytesMax, takenDownMax, type MediaClip } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { expectedAudience } from '../audience/day-curve.ts';
import type { Audience, AudienceCell } from '../audience/service.ts';
import type { Community } from '../communities/contract.ts';
import type { ClipBlocks } from '../complaints/clip-blocks.ts';
import type { Communities } from '../communities/service.ts';
import { fileFor, type ClipFile } from '../content/cuts.ts';
import { playableUntil } from '../content/playable-until.ts';
import { isSensitive } from '../content/categories.ts';
import type { Content, PlayableClip } from '../content/service.ts';
import { unsoldThere, type Sellable } from '../inventory/decision-rules.ts';
import type { Span } from '../inventory/sellable.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Holdouts } from '../lift/holdouts.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Notices } from '../notices/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import { restsOf } from './held-out.ts';
import { compete, tradeOf, type Spacing } from './competitors.ts';
import { addPeopleCells, peopleCommunities, reachingIn } from './people-cells.ts';
import type { GoalOf, PeopleScreen } from './people-goals.ts';
import { loseReached, peopleCells, type PeopleParts } from './people-lines.ts';
import { makeManifest, makePlan, spreadMsFor, type ExpectedHere, type HouseClip, type PaidSlot } from './plan.ts';
import * as rows from './store.ts';

type SoldParts = PublishParts & PeopleParts;

export interface PublishParts {
  readonly audience: Audience;
  readonly communities: Communities;
  /** What a property does not have on the screens of a community. */
  readonly clipBlocks: ClipBlocks;
  readonly content: Content;
  readonly holdouts: Holdouts;
  readonly inventory: Inventory;
  readonly merchants: Merchants;
  readonly notices: Notices;
  readonly plays: Pick<Plays, 'reachedBy'>;
  readonly terminals: Terminals;
}

/** Makes new plan and media versions for every screen of a community; a screen whose plan stays the same keeps its version. */
export type PublishCommunity = (q: Tx, communityId: string) => Promise<void>;

const jobKind = 'plan.publish';
/** `communityId`: as processes of an earlier version wrote it. */
const payloadShape = z.union([
  z.object({ communityIds: z.array(z.string()) }),
  z.object({ communityId: z.string() }).transform(({ communityId }) => ({ communityIds: [communityId] })),
]);
/** In one transaction: a change of the house's clips reaches thousands of communities soonest if they share commits, and others who write wait some tens of milliseconds. */
const communitiesPerJob = 20;

/** Publishes at once where a transaction needs it, and through jobs where a change touches many communities or a new day begins. */
export function createPublisher(platform: Platform, parts: PublishParts): PublishCommunity {
  const { jobs, store, clock } = platform;
  const inService = fleetSize(platform, parts.terminals);
  const publish: PublishCommunity = async (q, communityId) =>
    publishCommunity(
      platform,
      { ...parts, privacy: platform.privacy, screensInService: await inService(q) },
      q,
      communityId,
    );

  jobs.handle(jobKind, {
    run: (payload) =>
      store.tx(async (q) => {
        for (const communityId of payloadShape.parse(payload).communityIds) await publish(q, communityId);
      }),
  });
  jobs.handle('plan.new-day', {
    everyMs: minutes(5),
    async run() {
      for (const { communityId, dayStart } of await rows.communitiesWithPlans(store.read)) {
        const { zone } = await parts.communities.get(store.read, communityId);
        if (dayStartOf(clock.now(), zone) !== dayStart) await store.tx((q) => publish(q, communityId));
      }
    },
  });
  parts.terminals.onClaimed((q, { id }) => loseReached(q, id, clock.now()));
  parts.terminals.onClaimed((q, { communityId }) => publish(q, communityId));
  parts.terminals.onRescreened((q, { communityId }) => publish(q, communityId));
  parts.notices.onPlannedChange(publish);
  parts.content.declined.onChange(publish);
  parts.communities.onChildrenPass(publish);
  parts.clipBlocks.onChange(publish);
  const publishSoon = (q: Tx, concerned: readonly string[]) => addPublishing(platform, q, concerned);
  const everywhere = async (q: Reads) => (await rows.communitiesWithPlans(q)).map(({ communityId }) => communityId);
  parts.inventory.onChange(async (q, communityId) =>
    communityId === null ? publishSoon(q, await everywhere(q)) : publish(q, communityId),
  );
  platform.journal.on('play', async (q, { communityId, rows: arrived }) => {
    const reaching = reachingIn(arrived);
    await addPeopleCells(q, communityId, reaching);
    // Somebody was reached: what is left is divided anew.
    for (const lineItem of new Set(reaching.map(({ reached }) => reached)))
      await publishSoon(q, (await rows.placesOf(q, [lineItem])).get(lineItem) ?? []);
  });
  parts.merchants.onPublishing(async (q, merchantId) =>
    publishSoon(q, [
      ...new Set([
        ...(await rows.communitiesOfMerchant(q, merchantId, after(clock.now(), days(-planDays)))),
        ...(await peopleCommunities(q, { merchantId }, clock.now())),
      ]),
    ]),
  );
  parts.content.onPlayableChange(async (q, clip) => {
    const concerned =
      clip.house === null
        ? [
            ...new Set([
              ...(await rows.communitiesOfClip(q, clip.id, after(clock.now(), days(-planDays)))),
              ...(await peopleCommunities(q, { clipId: clip.id }, after(clock.now(), days(-planDays)))),
            ]),
          ]
        : await everywhere(q);
    if (clip.status !== 'approved')
      await parts.terminals.stopClips(q, {
        ...(await parts.content.toStop(q, clip.id)),
        ...(clip.house === null && { communityIds: concerned }),
      });
    // Also where it only has played: the manifests of these days name it still.
    await publishSoon(q, concerned);
  });
  return publish;
}

/** Publishes these communities after the commit. */
export async function addPublishing({ jobs }: Platform, q: Tx, communityIds: readonly string[]): Promise<void> {
  for (let i = 0; i < communityIds.length; i += communitiesPerJob)
    await jobs.add(q, jobKind, { communityIds: communityIds.slice(i, i + communitiesPerJob) });
}

/** Counting a fleet for each of its communities would cost more than their plans. */
const countEveryMs = minutes(10);

function fleetSize({ clock }: Platform, terminals: Terminals): (q: Reads) => Promise<number> {
  let known: { readonly atMono: number; readonly count: number } | undefined;
  return async (q) => {
    const now = clock.mono();
    if (!known || now - known.atMono >= countEveryMs) known = { atMono: now, count: await terminals.inService(q) };
    return known.count;
  };
}

/** Midnight in the zone. */
const dayStartOf = (now: InstantMs, zone: string): InstantMs => zonedInstant(localTime(now, zone).date, 0, zone);

async function publishCommunity(
  platform: Platform,
  parts: SoldParts & { readonly screensInService: number },
  q: Tx,
  communityId: string,
): Promise<void> {
  const { clock, config } = platform;
  const community = await parts.communities.get(q, communityId);
  const screens = (await parts.terminals.ofCommunity(q, communityId)).filter(({ claimed }) => claimed);
  const dayStart = dayStartOf(clock.now(), community.zone);
  const ofHouse = await parts.content.house(q);
  const stopped = await stoppedIn(q, parts, community, ofHouse, clock.now());
  const span = { from: dayStart, to: after(dayStart, days(planDays)) };
  const state = (await parts.inventory.sellable(q, [communityId], span)).get(communityId);
  const forPeople = screens.filter(({ protocol }) => protocol >= holdsOutSince);
  const here = { screens: forPeople, day: Math.floor(dayStart / days(1)) };
  const sold = state ? await paidSlots(q, parts, { ...community, ...here, state }, span) : [];
  const house = ofHouse.filter(({ id }) => !stopped.has(id)).slice(0, houseMax);
  const slots = sold.filter(({ clip }) => !stopped.has(clip.id));
  const noticesAt = await parts.notices.planned(q, communityId);
  // What a property took off its screens comes back on none of them either.
  const takenOff = [...ofHouse, ...sold.map(({ clip }) => clip)].filter(({ id }) => stopped.has(id)).flatMap(filesOf);
  const takenDown = [...new Set([...takenOff, ...(await parts.content.takenDown(q))])].slice(0, takenDownMax);
  const until: Bound = (clip) => playableUntil(clip, dayStart, config.offlineClipDays);
  const shared = {
    zone: community.zone,
    dayStart,
    from: halfHourOf(clock.now()),
    terminals: screens.length,
    spacingAt: await spacingOn(platform, parts, q, community, slots, screens.length),
    takenDown,
    exact: await platform.privacy.groupsOfTen(q, communityId),
    spreadMs: spreadMsFor(parts.screensInService),
  };
  const expectedAt = await expectedHere(q, parts.audience, { communityId, span, screens, slots });
  const whoComes = expectedAudience(await parts.audience.profileOf(q, community));
  for (const screen of screens) {
    const { id, entranceId: entrance, placement } = screen;
    const notices = noticesAt(screen);
    const isLet = state?.scope?.placements.includes(placement) ?? false;
    const media = { house: houseOn(screen, house, until), slots: isLet ? slotsOn(screen, slots, until) : [] };
    const input = {
      ...shared,
      ...media,
      notices,
      audience: whoComes,
      terminal: { entrance, placement },
      here: expectedAt(screen),
    };
    const plan = makePlan(input);
    // Files first: a plan is only as good as the clips that are there.
    await parts.terminals.publishDocument(q, id, 'media', makeManifest(plan, input));
    const version = await parts.terminals.publishDocument(q, id, 'plan', plan);
    const noticeIds = notices.map((notice) => notice.id);
    await parts.notices.delivered(q, screen, version, noticeIds);
  }
  await q
    .insert(q.t.planDays)
    .values({ communityId, dayStart })
    .onConflictDoUpdate({ target: q.t.planDays.communityId, set: { dayStart } });
}

/** Clips that a community does not have on its screens: single ones, and those of the house in categories that it declined. */
async function stoppedIn(
  q: Reads,
  { clipBlocks, content }: PublishParts,
  community: Community,
  house: readonly PlayableClip[],
  now: InstantMs,
): Promise<ReadonlySet<string>> {
  const ids = house.map(({ id }) => id);
  const admission = await content.admissionTo(q, community, ids);
  const declined = ids.filter((id) => admission(id, halfHourOf(now)) === 'category-declined');
  return new Set([...(await clipBlocks.of(q, community.id)), ...declined]);
}

/** How competitors are kept apart on each of so many screens. Nothing is counted where nobody competes. */
async function spacingOn(
  { clock, config: { competitorGapMs: gapMs } }: Platform,
  { audience }: PublishParts,
  q: Reads,
  community: Community,
  sold: readonly SoldSlot[],
  screens: number,
): Promise<(at: InstantMs) => Spacing> {
  if (gapMs === 0 || !compete(sold.map(({ slot }) => slot))) return () => ({ gapMs, expectedTouches: 0 });
  const from = halfHourOf(clock.now());
  const forecast = await audience.ofCommunity(q, community, { from, to: after(from, days(planDays)) });
  return (at) => ({ gapMs, expectedTouches: forecast(at) / screens });
}

interface Expecting {
  readonly communityId: string;
  readonly span: Span;
  readonly screens: readonly TerminalRef[];
  readonly slots: readonly SoldSlot[];
}

type Door = Pick<TerminalRef, 'entranceId' | 'placement'>;

/** What each screen can expect of what is planned for its placement. Nothing is forecast where nothing is planned. */
async function expectedHere(
  q: Reads,
  audience: Audience,
  { communityId, span, screens, slots }: Expecting,
): Promise<(door: Door) => (at: InstantMs) => ExpectedHere> {
  const isPlanned = slots.some(({ slot }) => slot.sharePpm !== null);
  const cells = new Map<string, AudienceCell>();
  const all = new Map<string, number>();
  if (isPlanned)
    for await (const cell of audience.forecast(q, [communityId], span)) {
      cells.set(`${cell.entranceId}|${cell.at}`, cell);
      const key = `${cell.placement}|${cell.at}`;
      all.set(key, (all.get(key) ?? 0) + cell.expectedMilli);
    }
  const alike = (placement: string) => screens.filter((screen) => screen.placement === placement).length;
  return ({ entranceId, placement }) => {
    const even = 1 / Math.max(1, alike(placement));
    return (at) => {
      const cell = cells.get(`${entranceId}|${at}`);
      const sum = all.get(`${placement}|${at}`) ?? 0;
      return {
        part: cell && sum > 0 ? cell.expectedMilli / sum : even,
        worthPpm: (segment) => cell?.shares[segment] ?? 0,
      };
    };
  };
}

const filesOf = ({ files }: PlayableClip): string[] => files.map(({ sha256 }) => sha256);

/** The plan's own limit. */
const houseMax = 100;

/** What was booked, before it is known which file of the clip a screen plays. */
interface SoldSlot {
  readonly slot: Omit<PaidSlot, 'clip' | 'people'>;
  /** Of a line item that stops at so many people. */
  readonly goalOf: GoalOf | undefined;
  readonly clip: PlayableClip;
  readonly about: Pick<MediaClip, 'advertiser' | 'hasDeal'>;
}

async function paidSlots(
  q: Tx,
  parts: SoldParts,
  community: Community & { readonly state: Sellable; readonly screens: readonly PeopleScreen[]; readonly day: number },
  span: Span,
): Promise<SoldSlot[]> {
  const { content, merchants } = parts;
  const planned = (await rows.owedCells(q, community.id, span)).filter(({ product }) => product !== 'ten-people');
  const people = await peopleCells(q, parts, { ...community, communityId: community.id }, span);
  const rests = await restsOf(
    q,
    parts.holdouts,
    planned.map(({ campaignId }) => campaignId),
  );
  const bookings: PublishedCell[] = [...planned, ...people];
  const campaigns = await rows.findCampaigns(
    q,
    bookings.map((b) => b.campaignId),
  );
  const clips = await content.playable(
    q,
    [...campaigns.values()].map((c) => c.clipId),
  );
  const clipRows = await content.about(q, [...clips.keys()]);
  const names = await merchants.names(
    q,
    bookings.map((b) => b.merchantId),
  );
  const admission = await content.admissionTo(q, community, [...clips.keys()]);
  const publishing = await merchants.publishing(
    q,
    bookings.map((b) => b.merchantId),
  );
  return bookings.flatMap((cell) => {
    const { campaignId, merchantId, at, plannedMilli, pausedAt, sharePpm, placement, segment, goalOf } = cell;
    // Nothing is left of what a newer plan took away; the row stays for what a screen plays that has not heard of it.
    if (pausedAt !== null || sharePpm === 0 || !publishing.has(merchantId)) return [];
    const touches = Math.ceil(plannedMilli / 1_000);
    const campaign = campaigns.get(campaignId);
    const clip = campaign && clips.get(campaign.clipId);
    if (!clip || (clip.until !== null && clip.until <= at)) return [];
    // What was booked before a community declined it, or a permit ended, is not shown.
    if (admission(clip.id, at) !== null) return [];
    const category = clipRows.get(clip.id)?.category ?? null;
    // Nor what was sold before its owners took their word back, or the day was closed.
    if (unsoldThere(community.state, { at, placement, category }) !== null) return [];
    // That it was meant for one person says something of them.
    if (goalOf && isSensitive(category)) return [];
    const about = { advertiser: names.get(merchantId) ?? null, hasDeal: campaign.dealId !== null };
    const trade = goalOf ? null : tradeOf(category);
    const whose = { campaign: campaignId, campaignNo: campaign.no, advertiser: merchantId, trade };
    const isHeld = !goalOf && rests(campaignId, { communityId: community.id, zone: community.zone }, at);
    const slot = { ...whose, at, touches, segment, placement, sharePpm, cap: capOf(campaign) };
    return [{ slot: { ...slot, ...(isHeld && { heldOut: true as const }) }, clip, about, goalOf }];
  });
}

type PublishedCell = Pick<
  rows.OwedCell,
  'campaignId' | 'merchantId' | 'at' | 'plannedMilli' | 'pausedAt' | 'sharePpm' | 'placement' | 'segment'
> & { readonly goalOf?: GoalOf };

/** Windows of whole days, so that nobody has to think of hours. */
const capOf = ({ capPlays, capDays }: rows.CampaignRow): PaidSlot['cap'] =>
  capPlays === null || capDays === null ? null : { plays: capPlays, windowMs: days(capDays) };

type Screen = Pick<TerminalRef, 'placement' | 'screenProfile'>;

/** Until when a screen that hears nothing more may play a clip. */
type Bound = (clip: PlayableClip) => InstantMs;

function houseOn(screen: Screen, clips: readonly PlayableClip[], until: Bound): HouseClip[] {
  return clips.flatMap((clip) => {
    const media = mediaOn(screen, clip, { advertiser: null, hasDeal: false, until: until(clip) });
    return media ? [{ clip: media, segment: clip.house ?? 'all' }] : [];
  });
}

/** The first version whose terminals hold days out, and stop at so many people. */
const holdsOutSince = 6;

function slotsOn(
  screen: Screen & Pick<TerminalRef, 'id' | 'protocol'>,
  sold: readonly SoldSlot[],
  until: Bound,
): PaidSlot[] {
  return sold.flatMap(({ slot, clip, about, goalOf }) => {
    // An older one would show it.
    if ((slot.heldOut || goalOf) && screen.protocol < holdsOutSince) return [];
    const media = mediaOn(screen, clip, { ...about, until: until(clip) });
    return media ? [{ ...slot, clip: media, ...(goalOf && { people: goalOf(screen.id) }) }] : [];
  });
}

/** The file that this screen plays; undefined if the clip has none that fits it. */
function mediaOn(
  { placement, screenProfile }: Screen,
  { title, files, approvedAt }: PlayableClip,
  about: Pick<MediaClip, 'advertiser' | 'hasDeal' | 'until'>,
): MediaClip | undefined {
  const file = fileFor(files, placement, screenProfile);
  if (!file) return undefined;
  const { sha256, bytes, durationMs, width, height } = file;
  const poster = posterOf(file);
  return { sha256, bytes, durationMs, width, height, poster, title, ...about, neededAt: instant(0), approvedAt };
}

/** One that is longer than a screen takes is none. */
const posterOf = ({ posterSha256: sha256, posterBytes: bytes }: ClipFile): MediaClip['poster'] =>
  sha256 === null || bytes === null || bytes > posterBytesMax ? null : { sha256, bytes };
