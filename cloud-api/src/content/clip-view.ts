import type { Merchants } from '../merchants/service.ts';
import type { Platform } from '../platform/platform.ts';
import type { Clip } from './contract.ts';
import type { FileLinks } from './file-links.ts';
import type { ClipRow } from './store.ts';

/** Rows as the API shows them: with the merchant's name and signed addresses of the files. */
export function createClipView(
  { store }: Platform,
  merchants: Merchants,
  links: FileLinks,
): (found: readonly ClipRow[]) => Promise<Clip[]> {
  const link = async (clip: ClipRow, hash: string | null, file: string) =>
    hash === null ? null : links.sign(store.read, `/v1/clips/${clip.id}/${file}`);
  return async (found) => {
    const owners = found.flatMap(({ merchantId }) => (merchantId === null ? [] : [merchantId]));
    const names = await merchants.names(store.read, owners);
    const show = async (clip: ClipRow): Promise<Clip> => ({
      ...clip,
      merchantName: names.get(clip.merchantId ?? '') ?? null,
      posterUrl: await link(clip, clip.posterSha256, 'poster.jpg'),
      videoUrl: await link(clip, clip.sha256, 'video.mp4'),
    });
    return Promise.all(found.map(show));
  };
}
