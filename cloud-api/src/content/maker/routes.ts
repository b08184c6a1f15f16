import { allow, ownRows } from '../../platform/auth.ts';
import { refusal } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { clip } from '../contract.ts';
import type { Content } from '../service.ts';
import { photoBytesMax } from './photo-intake.ts';
import { clipPhoto, newMadeClip, recipe } from './recipe.ts';

const tag = 'content';
const right = allow(['operator', 'merchant'], ownRows);

/** A picture or video that nobody keeps: for one pair of eyes. */
const passing = (bytes: Uint8Array, type: string): Response =>
  new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'cache-control': 'no-store' } });

export function makerRoutes({ api }: Platform, content: Content): void {
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
      summary: 'How it will move: a small MP4 as the answer, within 20 s',
      right,
      body: recipe,
    },
    async ({ who, body, request }) => passing(await maker.preview(who, body, request.signal), 'video/mp4'),
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
}
