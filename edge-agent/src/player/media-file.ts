import { join } from 'node:path';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';
import { downloadFile } from '../uplink/file-download.ts';
import type { HttpAnswer } from '../uplink/http-request.ts';

export const clipPath = (dir: string, sha256: string): string => join(dir, `${sha256}.mp4`);

/** `GET` of a clip from a byte on, with the terminal's bearer token. */
export type FetchMedia = (sha256: string, fromByte: number, signal: AbortSignal) => Promise<HttpAnswer>;

/** Brings one clip into `dir` as {@link downloadFile} does, and rejects as it does. */
export function downloadClip(dir: string, clip: MediaClip, fetchMedia: FetchMedia, stop: AbortSignal): Promise<void> {
  return downloadFile({
    content: clip,
    path: clipPath(dir, clip.sha256),
    part: join(dir, `${clip.sha256}.part`),
    fetchFrom: (fromByte, signal) => fetchMedia(clip.sha256, fromByte, signal),
    stop,
  });
}
