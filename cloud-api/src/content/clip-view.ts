import { accountNames } from '../identity/account-names.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Platform } from '../platform/platform.ts';
import { filesOfClips, type ClipFileRow } from './clip-files.ts';
import { linesOfRecipe } from './checks.ts';
import type { Clip } from './contract.ts';
import type { FileLinks } from './file-links.ts';
import { claimOf } from './review-claim.ts';
import type { ClipRow } from './store.ts';

/** Rows as the API shows them: with the merchant's name and signed addresses of the files; `reviewerId`: who looks, if that is one of the operator's. */
export function createClipView(
  { store, clock }: Platform,
  merchants: Merchants,
  links: FileLinks,
): (found: readonly ClipRow[], reviewerId?: string) => Promise<Clip[]> {
  const link = async (clip: ClipRow, hash: string | null, file: string) =>
    hash === null || clip.filesDeletedAt !== null ? null : links.sign(store.read, `/v1/clips/${clip.id}/${file}`);
  const showFile = async ({
    clipId,
    posterSha256,
    posterBytes: _,
    ...file
  }: ClipFileRow): Promise<Clip['files'][number]> => {
    const folder = `/v1/clips/${clipId}/files/${file.cut}/${file.profile}`;
    const videoUrl = await links.sign(store.read, `${folder}/video.mp4`);
    const posterUrl = posterSha256 === null ? null : await links.sign(store.read, `${folder}/poster.jpg`);
    return { ...file, videoUrl, posterUrl };
  };
  const claimsOf = async (found: readonly ClipRow[], reviewerId: string | undefined) => {
    const now = clock.now();
    const claims = found.flatMap((clip) => {
      const claim = reviewerId === undefined ? undefined : claimOf(clip, now);
      return claim ? [[clip.id, claim] as const] : [];
    });
    const names = await accountNames(
      store.read,
      claims.map(([, { accountId }]) => accountId),
    );
    const show = ({ accountId, until }: (typeof claims)[number][1]) => ({
      by: names.get(accountId) ?? '',
      isMine: accountId === reviewerId,
      until,
    });
    return new Map(claims.map(([id, claim]) => [id, show(claim)]));
  };
  return async (found, reviewerId) => {
    const held = await claimsOf(found, reviewerId);
    const owners = found.flatMap(({ merchantId }) => (merchantId === null ? [] : [merchantId]));
    const names = await merchants.names(store.read, owners);
    const files = await filesOfClips(
      store.read,
      found.map(({ id }) => id),
    );
    const show = async (clip: ClipRow): Promise<Clip> => ({
      ...clip,
      merchantName: names.get(clip.merchantId ?? '') ?? null,
      posterUrl: await link(clip, clip.posterSha256, 'poster.jpg'),
      videoUrl: await link(clip, clip.sha256, 'video.mp4'),
      isMade: clip.recipe !== null,
      held: held.get(clip.id) ?? null,
      lines: linesOfRecipe(clip.recipe),
      files: clip.filesDeletedAt === null ? await Promise.all((files.get(clip.id) ?? []).map(showFile)) : [],
    });
    return Promise.all(found.map(show));
  };
}
