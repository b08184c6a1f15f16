import { z } from 'zod';
import { allow, open, ownRows } from '../../platform/auth.ts';
import { id } from '../../platform/contract.ts';
import { refusal } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { clip } from '../contract.ts';
import { linkQuery } from '../file-links.ts';
import { sendFile } from '../../platform/send-file.ts';
import type { Content } from '../service.ts';
import { photoBytesMax } from './photo-intake.ts';
import { clipPhoto, newMadeClip, recipe, reopenedRecipe } from './recipe.ts';

const tag = 'content';
const right = allow(['operator', 'merchant'], ownRows);

/** A picture or video that nobody keeps: for one pair of eyes. */
const passing = (bytes: Uint8Array, type: string): Response =>
  new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'cache-control': 'no-store' } });

/** A name that the asking page makes up. */
const previewQuery = z.object({
  watch: z
    .string()
    .regex(/^[\w-]{8,64}$/)
    .optional(),
});

export function makerRoutes({ api, store }: Platform, content: Content): void {
  const { maker } = content;
  api.route(
    {
      method: 'post',
      path: '/v1/clip-photos',
      tag,
      summary: 'Bring a photo (JPEG, PNG, WebP or AVIF) as the body, to make a clip of',
      right,
      bodyBytesMax: photoBytesMax,
      reply: clipPhoto,
    },
    ({ who, request }) => {
      if (!request.body) throw refusal('invalid-request', 'the body is the photo');
      return maker.bring(who, request.body);
    },
  );
  api.route(
    {
      method: 'post',
      path: '/v1/clips/made',
      tag,
      summary: 'Make a clip of three to six photos, a line and a price; it is reviewed like an upload',
      right,
      body: newMadeClip,
      reply: clip,
    },
    async ({ who, body, call }) => content.get(who, await maker.make(who, body, call)),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/clips/made/preview',
      tag,
      summary:
        'How it will move: a small MP4 as the answer, within 20 s; live events `clip-preview` about `watch` tell how far it is',
      right,
      query: previewQuery,
      body: recipe,
    },
    async ({ who, query, body, request }) =>
      passing(await maker.preview(who, body, { signal: request.signal, ...query }), 'video/mp4'),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/clips/made/sheet',
      tag,
      summary: 'How it will look: a small JPEG as the answer',
      right,
      body: recipe,
    },
    async ({ who, body }) => passing(await maker.sheet(who, body), 'image/jpeg'),
  );
  reopenRoutes({ api, store }, content);
}

function reopenRoutes({ api, store }: Pick<Platform, 'api' | 'store'>, { maker, links, blobs }: Content): void {
  api.route(
    {
      method: 'get',
      path: '/v1/clips/:id/recipe',
      tag,
      summary: 'What a clip was made from, to change it and make another one',
      right,
      params: z.object({ id }),
      reply: reopenedRecipe,
    },
    ({ who, params }) => maker.reopen(who, params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/clip-photos/:sha256',
      tag,
      summary: 'A photo of a recipe, for a picture element',
      right: open('the signature in the address'),
      params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      query: linkQuery,
    },
    async ({ params: { sha256 }, query, request }) => {
      await links.check(store.read, `/v1/clip-photos/${sha256}`, query);
      return sendFile(blobs, sha256, 'image/jpeg', request);
    },
  );
}
