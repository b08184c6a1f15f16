import { days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { z } from 'zod';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { createBlobStore, type BlobStore } from '../platform/blob-store.ts';
import { admissionTo } from './admission.ts';
import type { Category } from './categories.ts';
import { adoptOldClips, filesOfClips } from './clip-files.ts';
import { awaitFfmpeg } from './await-ffmpeg.ts';
import { createConverterFinder, type ConverterFinder } from './converter.ts';
import type { ConverterHealth } from './converter-contract.ts';
import { createClipView } from './clip-view.ts';
import type { Clip, clipsQuery } from './contract.ts';
import { createDeclinedCategories, type DeclinedCategories } from './declined-categories.ts';
import type { ClipFile } from './cuts.ts';
import { createFileLinks, type FileLinks } from './file-links.ts';
import { createPosters, type Posters } from './posters.ts';
import { expireApprovals } from './expiry.ts';
import { followLastPlays, notePlayed } from './last-played.ts';
import { createMaker, type Maker } from './maker/maker.ts';
import { sweepPhotos } from './maker/photo-sweep.ts';
import { createPermits, type Permits } from './permits.ts';
import { contentReads } from './reads.ts';
import { retainFiles } from './retention.ts';
import { createReview, type PlayableHook, type Review } from './review.ts';
import { createReviewClaims, type ReviewClaims } from './review-claim.ts';
import { createReviewDesk, type ReviewDesk } from './review-desk.ts';
import { approvedAtOf } from './review-history.ts';
import * as rows from './store.ts';
import { forgetFailedSources } from './failed-source.ts';
import { createRetry } from './retry.ts';
import type { Converter } from './run-ffmpeg.ts';
import { handleTranscodes, wantTranscode } from './transcode-job.ts';
import { createClipUploads, type ClipUploads } from './clip-uploads.ts';
import { filesTakenDown, filesToStop } from './taken-down.ts';
import { createUpload } from './upload.ts';
import { createWithdrawal, giveBackFiles, type AskClipUse } from './withdrawal.ts';
import { handleUploads } from './upload-job.ts';

type Author = As<'operator' | 'merchant'>;

/** A clip that may play, as plans need it. */
export interface PlayableClip {
  readonly id: string;
  readonly title: string;
  readonly merchantId: string | null;
  readonly house: Segment | null;
  /** Its approval holds until then; null: no end is set. */
  readonly until: InstantMs | null;
  /** When it was last approved; 0: before that was kept. */
  readonly approvedAt: InstantMs;
  /** At least one; `fileFor` says which a screen plays. */
  readonly files: readonly ClipFile[];
}

export interface Content {
  readonly blobs: BlobStore;
  /** What people hand in to prove something: nobody sees it but who decides on it. */
  readonly papers: BlobStore;
  readonly links: FileLinks;
  /** Undefined where there is no ffmpeg. */
  readonly converter: () => Converter | undefined;
  converterHealth(): Promise<ConverterHealth>;
  upload(
    who: Author,
    about: { title: string; house?: Segment | undefined; category?: Category | undefined },
    body: WebStream<Uint8Array>,
    call: Call,
  ): Promise<Clip>;
  list(who: Author, query: z.output<typeof clipsQuery>): Promise<Page<Clip>>;
  get(who: Author, id: string): Promise<Clip>;
  /** `who`: for whom, where that is one of the operator's. */
  show(clip: rows.ClipRow, who?: Author): Promise<Clip>;
  /** Rejects with `clip-state` unless its conversion failed. */
  retry(who: Author, id: string): Promise<Clip>;
  /** Rejects with `clip-booked` while a booking needs it, and with `clip-not-house` if the operator asks it of a merchant's. */
  withdraw(who: Author, id: string): Promise<void>;
  readonly review: Review;
  readonly claims: ReviewClaims;
  readonly uploads: ClipUploads;
  readonly maker: Maker;
  readonly desk: ReviewDesk;
  readonly permits: Permits;
  readonly declined: DeclinedCategories;

  /** Title, state and owner of clips, for other slices. */
  about(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, rows.ClipRow>>;
  /** Of files, as long as the clip is kept; records of plays keep them for longer (`Plays.names`). */
  names: typeof rows.namesBySha256;
  /** Stills of clips, for pages that show what plays. */
  readonly posters: Posters;
  /** Those of the clips that are approved. */
  playable(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, PlayableClip>>;
  house(q: Reads): Promise<readonly PlayableClip[]>;
  /** Files by SHA-256 that a screen may still have and may not play. */
  takenDown(q: Reads): Promise<readonly string[]>;
  /** What to stop on the screens of a clip that is not approved any more. */
  toStop(q: Reads, clipId: string): ReturnType<typeof filesToStop>;
  /** What the law, the permits and a community say of clips there. */
  admissionTo: typeof admissionTo;
  admissionsTo: (typeof contentReads)['admissionsTo'];
  notePlayed: typeof notePlayed;
  /** Runs in the transaction that lets a clip play or takes it off the screens. */
  onPlayableChange(hook: PlayableHook): void;
  /** Asked, in the transaction that withdraws a clip, whether a plan needs it. */
  onWithdrawal(ask: AskClipUse): void;
  start(): Promise<void>;
}

export function createContent(platform: Platform, merchants: Merchants): Content {
  const { store, clock, config, signer } = platform;
  const blobs = createBlobStore(config, 'media');
  const papers = createBlobStore(config, 'papers');
  const links = createFileLinks(signer, clock);
  const hooks: PlayableHook[] = [];
  const uses: AskClipUse[] = [];
  const finder = createConverterFinder(platform);
  const show = createClipView(platform, merchants, links);
  const showOne = async (row: rows.ClipRow, who?: Author): Promise<Clip> => {
    const [clip] = await show([row], reviewerOf(who));
    if (!clip) throw notFound('clip');
    return clip;
  };
  const upload = createUpload(platform, blobs);
  const retry = createRetry(platform);
  const review = createReview(platform, hooks);
  handleJobs(platform, blobs, finder, review);

  return {
    blobs,
    papers,
    links,
    converter: finder.converter,
    converterHealth: () => finder.health(),
    async upload(who, about, body, call) {
      return this.get(who, await upload(who, about, body, call));
    },
    async list(who, query) {
      const merchantId = who.role === 'merchant' ? who.merchantId : query.merchantId;
      const { rows: found, list } = await rows.listClips(store.read, { ...query, merchantId });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items, reviewerOf(who)) };
    },
    async get(who, id) {
      const clip = await rows.findClip(store.read, id);
      if (!clip || (who.role === 'merchant' && clip.merchantId !== who.merchantId)) throw notFound('clip');
      return showOne(clip, who);
    },
    show: showOne,
    retry: async (who, id) => showOne(await retry(who, id)),
    withdraw: createWithdrawal(platform, { hooks, uses }),
    review,
    claims: createReviewClaims(platform),
    uploads: createClipUploads(platform, blobs),
    maker: createMaker(platform, { blobs, links, converter: finder.converter }),
    desk: createReviewDesk(platform),
    permits: createPermits(platform, { blobs, links, merchants, review }),
    declined: createDeclinedCategories(platform),

    ...createReads(platform),
    posters: createPosters(links),
    onPlayableChange: (hook) => void hooks.push(hook),
    onWithdrawal: (ask) => void uses.push(ask),
    notePlayed,
    async start() {
      await blobs.start();
      await papers.start();
      await finder.find();
      await takeUpAgain(platform);
    },
  };
}

/** Who of the reviewers looks; merchants are not told who does. */
const reviewerOf = (who: Author | undefined): string | undefined =>
  who?.role === 'operator' ? who.accountId : undefined;

/** What other slices ask. */
function createReads({
  clock,
  config,
}: Platform): Pick<
  Content,
  'about' | 'names' | 'playable' | 'house' | 'takenDown' | 'toStop' | 'admissionTo' | 'admissionsTo'
> {
  return {
    ...contentReads,
    names: rows.namesBySha256,
    async playable(q, ids) {
      const found = (await rows.findClips(q, ids)).filter((clip) => clip.status === 'approved');
      return new Map((await withFiles(q, found)).map((clip) => [clip.id, clip]));
    },
    house: async (q) => withFiles(q, await rows.houseClips(q)),
    // Longer ago than any screen may play without hearing anything.
    takenDown: (q) => filesTakenDown(q, instant(clock.now() - days(config.offlineClipDays))),
    toStop: (q, clipId) => filesToStop(q, clipId, clock.now()),
    admissionTo,
  };
}

/** What an earlier run, or an earlier version, has left to do. */
async function takeUpAgain(platform: Platform): Promise<void> {
  const waiting = await rows.waitingClips(platform.store.read);
  await platform.store.tx(async (q) => {
    await adoptOldClips(q);
    for (const id of waiting) await wantTranscode(platform, q, id);
  });
}

/** What goes on behind the requests. */
function handleJobs(platform: Platform, blobs: BlobStore, finder: ConverterFinder, review: Review): void {
  handleUploads(platform, blobs, finder.converter);
  handleTranscodes(platform, blobs, finder.converter);
  forgetFailedSources(platform, blobs);
  awaitFfmpeg(platform, finder);
  expireApprovals(platform, review);
  retainFiles(platform, blobs);
  giveBackFiles(platform, blobs);
  sweepPhotos(platform, blobs);
  followLastPlays(platform);
}

/** Those of the clips that have files, as plans need them. */
async function withFiles(q: Reads, clips: readonly rows.ClipRow[]): Promise<PlayableClip[]> {
  const ids = clips.map(({ id }) => id);
  const files = await filesOfClips(q, ids);
  const approvedAt = await approvedAtOf(q, ids);
  return clips.flatMap(({ id, title, merchantId, house, approvedUntil: until }) => {
    const own = files.get(id);
    return own ? [{ id, title, merchantId, house, until, approvedAt: approvedAt(id), files: own }] : [];
  });
}
