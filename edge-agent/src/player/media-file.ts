import { join } from 'node:path';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';
import { downloadFile, type Download } from '../uplink/file-download.ts';
import type { HttpAnswer } from '../uplink/http-request.ts';

/** A file that the manifest names: a clip, or the still of one. */
export interface MediaFile extends Pick<MediaClip, 'sha256' | 'bytes' | 'neededAt'> {
  readonly form: 'mp4' | 'jpg';
}

export const mediaPath = (dir: string, { sha256, form }: Pick<MediaFile, 'sha256' | 'form'>): string =>
  join(dir, `${sha256}.${form}`);

export const clipPath = (dir: string, sha256: string): string => mediaPath(dir, { sha256, form: 'mp4' });

/** All files of these clips, each still after its clip: without the clip nobody needs it. */
export const filesOf = (clips: readonly MediaClip[]): MediaFile[] =>
  clips.flatMap(({ sha256, bytes, neededAt, poster }) => [
    { sha256, bytes, neededAt, form: 'mp4' },
    ...(poster ? [{ ...poster, neededAt, form: 'jpg' } as const] : []),
  ]);

/** What to ask for, and from where on. */
export interface MediaRequest {
  readonly sha256: string;
  readonly fromByte: number;
  /** Tries in a row that did not end well: another source may be better. */
  readonly triesBefore: number;
}

/** `GET` of a file from a byte on. */
export type FetchMedia = (request: MediaRequest, signal: AbortSignal) => Promise<HttpAnswer>;

export interface MediaDownload {
  readonly dir: string;
  readonly file: MediaFile;
  readonly fetchMedia: FetchMedia;
  readonly triesBefore: number;
  readonly pace: Download['pace'] | undefined;
  readonly stop: AbortSignal;
}

/** Brings one file into `dir` as {@link downloadFile} does, and rejects as it does. */
export function downloadMedia({ dir, file, fetchMedia, triesBefore, pace, stop }: MediaDownload): Promise<void> {
  const { sha256 } = file;
  return downloadFile({
    content: file,
    path: mediaPath(dir, file),
    part: join(dir, `${sha256}.part`),
    fetchFrom: (fromByte, signal) => fetchMedia({ sha256, fromByte, triesBefore }, signal),
    ...(pace && { pace }),
    stop,
  });
}
