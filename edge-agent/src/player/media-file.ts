import { join } from 'node:path';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';
import { downloadFile, type Download } from '../uplink/file-download.ts';
import type { HttpAnswer } from '../uplink/http-request.ts';

export const clipPath = (dir: string, sha256: string): string => join(dir, `${sha256}.mp4`);

/** What to ask for, and from where on. */
export interface MediaRequest {
  readonly sha256: string;
  readonly fromByte: number;
  /** Tries in a row that did not end well: another source may be better. */
  readonly triesBefore: number;
}

/** `GET` of a clip from a byte on. */
export type FetchMedia = (request: MediaRequest, signal: AbortSignal) => Promise<HttpAnswer>;

export interface ClipDownload {
  readonly dir: string;
  readonly clip: MediaClip;
  readonly fetchMedia: FetchMedia;
  readonly triesBefore: number;
  readonly pace: Download['pace'] | undefined;
  readonly stop: AbortSignal;
}

/** Brings one clip into `dir` as {@link downloadFile} does, and rejects as it does. */
export function downloadClip({ dir, clip, fetchMedia, triesBefore, pace, stop }: ClipDownload): Promise<void> {
  const { sha256 } = clip;
  return downloadFile({
    content: clip,
    path: clipPath(dir, sha256),
    part: join(dir, `${sha256}.part`),
    fetchFrom: (fromByte, signal) => fetchMedia({ sha256, fromByte, triesBefore }, signal),
    ...(pace && { pace }),
    stop,
  });
}
