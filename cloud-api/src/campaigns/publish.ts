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
import { planDays, takenDownMax, type MediaClip } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import type { Community } from '../communities/contract.ts';
import type { ClipBlocks } from '../complaints/clip-blocks.ts';
import type { Communities } from '../communities/service.ts';
import { fileFor } from '../content/cuts.ts';
import { playableUntil } from '../content/playable-until.ts';
import type { Content, PlayableClip } from '../content/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Notices } from '../notices/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import { compete, tradeOf, type Spacing } from './competitors.ts';
import { expectedAudience } from './day-curve.ts';
import { forecastFor } from './forecaster.ts';
import { makeManifest, makePlan, spreadMsFor, type HouseClip, type PaidSlot } from './plan.ts';
import * as rows from './store.ts';

export interface PublishParts {
  readonly communities: Communities;
  /** What a property does not have on the screens of a community. */
  readonly clipBlocks: ClipBlocks;
  readonly content: Content;
  readonly merchants: Merchants;
  readonly notices: Notices;
  readonly plays: Plays;
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
    publishCommunity(platform, { ...parts, screensInService: await inService(q) }, q, communityId);

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
  parts.terminals.onClaimed((q, { communityId }) => publish(q, communityId));
  parts.terminals.onRescreened((q, { communityId }) => publish(q, communityId));
  parts.notices.onPlannedChange(publish);
  parts.content.declined.onChange(publish);
  parts.clipBlocks.onChange(publish);
  parts.content.onPlayableChange(async (q, clip) => {
    const concerned =
      clip.house === null
        ? await rows.communitiesOfClip(q, clip.id, after(clock.now(), days(-planDays)))
        : (await rows.communitiesWithPlans(q)).map(({ communityId }) => communityId);
    if (clip.status !== 'approved')
      parts.terminals.stopClips(q, {
        ...(await parts.content.toStop(q, clip.id)),
        ...(clip.house === null && { communityIds: concerned }),
      });
    // Also where it only has played: the manifests of these days name it still.
    for (let i = 0; i < concerned.length; i += communitiesPerJob)
      await jobs.add(q, jobKind, { communityIds: concerned.slice(i, i + communitiesPerJob) });
  });
  return publish;
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
  parts: PublishParts & { readonly screensInService: number },
  q: Tx,
  communityId: string,
): Promise<void> {
  const { clock, config } = platform;
  const community = await parts.communities.get(q, communityId);
  const screens = (await parts.terminals.ofCommunity(q, communityId)).filter(({ claimed }) => claimed);
  const dayStart = dayStartOf(clock.now(), community.zone);
  const stopped = await parts.clipBlocks.of(q, communityId);
  const ofHouse = await parts.content.house(q);
  const sold = await paidSlots(q, parts, community, dayStart);
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
    spreadMs: spreadMsFor(parts.screensInService),
  };
  for (const screen of screens) {
    const { id, entranceId: entrance, placement } = screen;
    const notices = noticesAt(screen);
    const media = { house: houseOn(screen, house, until), slots: slotsOn(screen, slots, until) };
    const input = {
      ...shared,
      ...media,
      notices,
      audience: expectedAudience(community),
      terminal: { entrance, placement },
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

/** How competitors are kept apart on each of so many screens. Nothing is counted where nobody competes. */
async function spacingOn(
  { clock, config: { competitorGapMs: gapMs } }: Platform,
  { plays }: PublishParts,
  q: Reads,
  community: Community,
  sold: readonly SoldSlot[],
  screens: number,
): Promise<(at: InstantMs) => Spacing> {
  if (gapMs === 0 || !compete(sold.map(({ slot }) => slot))) return () => ({ gapMs, expectedTouches: 0 });
  const forecast = await forecastFor(q, plays, community, clock.now());
  return (at) => ({ gapMs, expectedTouches: forecast(at) / screens });
}

const filesOf = ({ files }: PlayableClip): string[] => files.map(({ sha256 }) => sha256);

/** The plan's own limit. */
const houseMax = 100;

/** What was booked, before it is known which file of the clip a screen plays. */
interface SoldSlot {
  readonly slot: Omit<PaidSlot, 'clip'>;
  readonly clip: PlayableClip;
  readonly about: Pick<MediaClip, 'advertiser' | 'hasDeal'>;
}

async function paidSlots(
  q: Reads,
  { content, merchants }: PublishParts,
  community: Pick<Community, 'id' | 'zone'>,
  dayStart: InstantMs,
): Promise<SoldSlot[]> {
  const bookings = await rows.paidBookings(q, community.id, { from: dayStart, to: after(dayStart, days(planDays)) });
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
  return bookings.flatMap(({ campaignId, merchantId, at, touches }) => {
    const campaign = campaigns.get(campaignId);
    const clip = campaign && clips.get(campaign.clipId);
    if (!clip || (clip.until !== null && clip.until <= at)) return [];
    // What was booked before a community declined it, or a permit ended, is not shown.
    if (admission(clip.id, at) !== null) return [];
    const about = { advertiser: names.get(merchantId) ?? null, hasDeal: campaign.dealId !== null };
    const trade = tradeOf(clipRows.get(clip.id)?.category ?? null);
    const whose = { campaign: campaignId, campaignNo: campaign.no, advertiser: merchantId, trade };
    const slot = { ...whose, at, touches, cap: capOf(campaign) };
    return [{ slot, clip, about }];
  });
}

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

function slotsOn(screen: Screen, sold: readonly SoldSlot[], until: Bound): PaidSlot[] {
  return sold.flatMap(({ slot, clip, about }) => {
    const media = mediaOn(screen, clip, { ...about, until: until(clip) });
    return media ? [{ ...slot, clip: media }] : [];
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
  return { sha256, bytes, durationMs, width, height, title, ...about, neededAt: instant(0), approvedAt };
}
