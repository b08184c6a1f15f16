import { z } from 'zod';
import { open } from '../platform/auth.ts';
import { id } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { sendFile } from '../platform/send-file.ts';
import { findClipFile } from './clip-files.ts';
import { linkQuery } from './file-links.ts';
import { cuts, screenProfiles } from './cuts.ts';
import type { Content } from './service.ts';
import { findClip } from './store.ts';

const tag = 'content';
const byId = z.object({ id });
const fileParams = byId.extend({ cut: z.enum(cuts), profile: z.enum(screenProfiles) });

/** Videos and stills as consoles show them: a clip's own, which is its lift cut for the smaller screens, and those of each cut and size. */
export function clipFileRoutes({ api, store }: Platform, content: Content): void {
  const files = { 'poster.jpg': 'image/jpeg', 'video.mp4': 'video/mp4' } as const;
  for (const [file, type] of Object.entries(files)) {
    api.route(
      {
        method: 'get',
        path: `/v1/clips/:id/${file}`,
        tag,
        summary: `The ${file} of a clip, for a picture or video element`,
        right: open('the signature in the address'),
        params: byId,
        query: linkQuery,
      },
      async ({ params, query, request }) => {
        await content.links.check(store.read, `/v1/clips/${params.id}/${file}`, query);
        const found = await findClip(store.read, params.id);
        const name = type === 'image/jpeg' ? found?.posterSha256 : found?.sha256;
        if (!name) throw notFound('file');
        return sendFile(content.blobs, name, type, request);
      },
    );
    api.route(
      {
        method: 'get',
        path: `/v1/clips/:id/files/:cut/:profile/${file}`,
        tag,
        summary: `The ${file} of a cut of a clip in one size, for a picture or video element`,
        right: open('the signature in the address'),
        params: fileParams,
        query: linkQuery,
      },
      async ({ params, query, request }) => {
        const path = `/v1/clips/${params.id}/files/${params.cut}/${params.profile}/${file}`;
        await content.links.check(store.read, path, query);
        const found = await findClipFile(store.read, params.id, params.cut, params.profile);
        const name = type === 'image/jpeg' ? found?.posterSha256 : found?.sha256;
        if (!name) throw notFound('file');
        return sendFile(content.blobs, name, type, request);
      },
    );
  }
}
