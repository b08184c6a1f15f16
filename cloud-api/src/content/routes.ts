import { z } from 'zod';
import { allow, open, ownRows, thatTerminal } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { clip, clipsQuery, uploadBytesMax, uploadQuery } from './contract.ts';
import { sendFile } from '../platform/send-file.ts';
import type { Content } from './service.ts';
import { clipFileRoutes } from './clip-file-routes.ts';
import { makerRoutes } from './maker/routes.ts';
import { uploadRoutes } from './upload-routes.ts';
import { approvedTypeOf } from './store.ts';

const tag = 'content';
const authors = allow(['operator', 'merchant'], ownRows);

export function contentRoutes(platform: Platform, content: Content): void {
  const { api } = platform;
  api.route(
    {
      method: 'post',
      path: '/v1/clips',
      tag,
      summary: 'Upload an MP4 video as the body; it is converted and then reviewed',
      right: authors,
      query: uploadQuery,
      bodyBytesMax: uploadBytesMax,
      reply: clip,
    },
    ({ who, query, request, call }) => {
      const { body } = request;
      if (!body) throw refusal('invalid-request', 'the body is the video file');
      const bytes = Number(request.headers.get('content-length') ?? uploadBytesMax);
      return content.uploads.atOnce(bytes, () => content.upload(who, query, body, call));
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/clips',
      tag,
      summary: 'Clips, newest first',
      right: authors,
      query: clipsQuery,
      reply: page(clip),
    },
    ({ who, query }) => content.list(who, query),
  );
  api.route(
    { method: 'get', path: '/v1/clips/:id', tag, summary: 'A clip', right: authors, params: byId, reply: clip },
    ({ who, params }) => content.get(who, params.id),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/clips/:id',
      tag,
      summary:
        'Withdraw a clip that no booking needs, one’s own or the operator one of the house; what was played keeps its name and its records',
      right: authors,
      params: byId,
    },
    ({ who, params }) => content.withdraw(who, params.id),
  );
  makerRoutes(platform, content);
  uploadRoutes(platform, content.uploads);
  clipFileRoutes(platform, content);
  mediaRoutes(platform, content);
}

const byId = z.object({ id });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

function mediaRoutes({ api, store }: Platform, content: Content): void {
  api.route(
    {
      method: 'get',
      path: '/v1/media/:sha256',
      tag,
      summary: 'A clip file or its still by its SHA-256, for caches that several screens share',
      right: open(
        'its name: nobody knows the hash who has not got the file or a manifest, and what plays in public is no secret',
      ),
      params: z.object({ sha256 }),
    },
    async ({ params, request }) => {
      const type = await approvedTypeOf(store.read, params.sha256);
      if (!type) throw notFound('clip');
      return sendFile(content.blobs, params.sha256, type, request, 'everybody');
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/media/:sha256',
      tag,
      summary: 'A clip file or its still for a terminal; takes up where a broken download ended',
      right: thatTerminal,
      params: z.object({ id, sha256 }),
    },
    async ({ params, request }) => {
      const type = await approvedTypeOf(store.read, params.sha256);
      if (!type) throw notFound('clip');
      return sendFile(content.blobs, params.sha256, type, request);
    },
  );
}
