import { z } from 'zod';
import { allow, open, ownRows } from '../platform/auth.ts';
import { id } from '../platform/contract.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { ClipUploads, ResumableUpload } from './clip-uploads.ts';
import { uploadBytesMax } from './contract.ts';
import {
  asMeant,
  bytesOf,
  metadataHeader,
  parseMetadata,
  refuseOtherVersion,
  requireTus,
  tusAbilities,
  tusVersion,
} from './tus.ts';
import { clipUpload, clipUploads, uploadLength, uploadMetadata, type ClipUpload } from './upload-contract.ts';

const tag = 'content';
const path = '/v1/clip-uploads';
const authors = allow(['operator', 'merchant'], ownRows);
const byId = z.object({ id });
const patchType = 'application/offset+octet-stream';

/**
 * The tus protocol (creation, termination, expiration) over our own rights, refusals and limits; why not by its official server is in ARCHITECTURE.md. The
 * tests hold it to the text of the protocol and to its official client.
 */
export function uploadRoutes({ api }: Platform, uploads: ClipUploads): void {
  api.app.use(`${path}/*`, async (c, next) => {
    await next();
    c.header('tus-resumable', tusVersion);
    if (c.res.status === 412) c.header('tus-version', tusVersion);
  });
  // "The Server MUST NOT process the request", whatever it is; OPTIONS says which version to speak.
  api.app.use(`${path}/*`, (c, next) => {
    if (c.req.method !== 'OPTIONS') refuseOtherVersion(c.req.raw.headers);
    return next();
  });
  api.route(
    {
      method: 'options',
      path,
      tag,
      summary: 'What this server can do of tus 1.0.0',
      right: open('says only what the protocol has it say'),
    },
    async () => new Response(null, { status: 204, headers: tusAbilities(uploadBytesMax) }),
  );
  api.route(
    {
      method: 'post',
      path,
      tag,
      summary:
        'Begin an upload that can be resumed: tus 1.0.0 creation, with `title` and `filename` in Upload-Metadata',
      right: authors,
      reply: clipUpload,
    },
    async ({ who, request: { headers }, call }) => {
      requireTus(headers);
      const bytes = bytesOf(headers, 'upload-length');
      if (bytes > uploadBytesMax)
        throw refusal('video-too-large', 'the file is too large', { bytesMax: uploadBytesMax });
      const told = headers.get('upload-metadata') ?? '';
      const about = { ...uploadMetadata.parse(parseMetadata(told)), told };
      const print = `${call.requestHash}.${bytes}.${told}`;
      const upload = await uploads.begin(who, about, uploadLength.parse(bytes), { ...call, requestHash: print });
      return answer(upload, 201, { location: `${path}/${upload.id}` });
    },
  );
  api.route(
    { method: 'get', path, tag, summary: 'Own uploads, newest first', right: authors, reply: clipUploads },
    async ({ who }) => clipUploads.parse({ items: await uploads.list(who) }),
  );
  oneUpload(api, uploads);
}

/** Before anything looks at a request: its method may stand in a header, for uploads alone. */
export function uploadAsMeant(request: Request): Request {
  if (!request.headers.has('x-http-method-override')) return request;
  const { pathname } = new URL(request.url);
  return pathname === path || pathname.startsWith(`${path}/`) ? asMeant(request) : request;
}

function oneUpload(api: Platform['api'], uploads: ClipUploads): void {
  api.route(
    {
      method: 'get',
      path: `${path}/:id`,
      tag,
      summary: 'How far an upload is and what became of it; HEAD as tus 1.0.0 asks',
      right: authors,
      params: byId,
      reply: clipUpload,
    },
    async ({ who, params, request }) => {
      const upload = await uploads.get(who, params.id);
      if (request.method !== 'HEAD') return answer(upload, 200);
      requireTus(request.headers);
      return answer(await uploads.resumable(who, params.id), 200);
    },
  );
  api.route(
    {
      method: 'patch',
      path: `${path}/:id`,
      tag,
      summary: 'Send bytes from Upload-Offset on, with the type application/offset+octet-stream',
      right: authors,
      params: byId,
      bodyBytesMax: uploadBytesMax,
    },
    async ({ who, params, request }) => {
      const { bytes } = await uploads.get(who, params.id);
      requireTus(request.headers);
      if (request.headers.get('content-type') !== patchType)
        throw refusal('upload-type', `the type of the body is ${patchType}`);
      const fromByte = bytesOf(request.headers, 'upload-offset');
      const length = Number(request.headers.get('content-length') ?? 0);
      if (fromByte + length > bytes && fromByte <= bytes)
        throw refusal('upload-overrun', 'that is more than the file has', { bytes });
      const upload = await uploads.append(who, params.id, fromByte, request.body ?? noBytes());
      return answer(upload, 204);
    },
  );
  api.route(
    { method: 'delete', path: `${path}/:id`, tag, summary: 'Call an upload off', right: authors, params: byId },
    // A page that calls it off need not speak the protocol.
    ({ who, params }) => uploads.remove(who, params.id),
  );
}

async function* noBytes(): AsyncGenerator<Uint8Array> {
  // A request without a body brings nothing.
}

function answer(upload: ResumableUpload, status: 200 | 201 | 204, more: Record<string, string> = {}): Response {
  const headers = {
    'cache-control': 'no-store',
    'upload-offset': String(upload.receivedBytes),
    'upload-length': String(upload.bytes),
    'upload-expires': new Date(upload.expiresAt).toUTCString(),
    'upload-metadata': upload.metadata ?? metadataOf(upload),
    ...more,
  };
  if (status === 204) return new Response(null, { status, headers });
  return Response.json(clipUpload.parse(upload), { status, headers });
}

/** Of an upload from before it was kept as it was sent: what became of it. */
const metadataOf = ({ title, fileName, category, house, fileModifiedAt }: ClipUpload): string =>
  metadataHeader({ title, filename: fileName, category, house, modified: fileModifiedAt });
