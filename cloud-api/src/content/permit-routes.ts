import { z } from 'zod';
import { allow, open, operatorOnly, ownRows } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { permit, permitBytesMax, permitQuery, permitRefusal, permitsQuery } from './permit-contract.ts';
import { findPermit } from './permit-store.ts';
import { sendScan } from './receive-scan.ts';
import type { Content } from './service.ts';

const tag = 'content';
const byId = z.object({ id });
const linkQuery = z.object({ expires: z.coerce.number().int().positive(), signature: z.string().max(100) });

export function permitRoutes(platform: Platform, content: Content): void {
  handingIn(platform, content);
  deciding(platform, content);
  scans(platform, content);
}

function handingIn({ api }: Platform, { permits }: Content): void {
  api.route(
    {
      method: 'post',
      path: '/v1/permits',
      tag,
      summary: 'Hand in a permit to advertise a restricted category; the body is its scan (JPEG, PNG or PDF)',
      right: allow(['merchant'], ownRows),
      query: permitQuery,
      bodyBytesMax: permitBytesMax,
      reply: permit,
    },
    ({ who, query, request, call }) => {
      if (!request.body) throw refusal('invalid-request', 'the body is the scan');
      return permits.handIn(who, query, request.body, call);
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/permits',
      tag,
      summary: 'Permits, newest first',
      right: allow(['operator', 'merchant'], ownRows),
      query: permitsQuery,
      reply: page(permit),
    },
    ({ who, query }) => permits.list(who, query),
  );
}

function deciding({ api }: Platform, { permits }: Content): void {
  api.route(
    {
      method: 'post',
      path: '/v1/permits/:id/accept',
      tag,
      summary: 'Accept a permit',
      right: operatorOnly,
      params: byId,
      reply: permit,
      status: 200,
    },
    ({ who, params }) => permits.accept(who, params.id),
  );
  const refusals = {
    refuse: 'Refuse a permit',
    withdraw: 'An accepted permit no longer counts; its clips end',
  } as const;
  for (const verb of ['refuse', 'withdraw'] as const)
    api.route(
      {
        method: 'post',
        path: `/v1/permits/:id/${verb}`,
        tag,
        summary: refusals[verb],
        right: operatorOnly,
        params: byId,
        body: permitRefusal,
        reply: permit,
        status: 200,
      },
      ({ who, params, body }) => permits[verb](who, params.id, body),
    );
}

function scans({ api, store }: Platform, content: Content): void {
  api.route(
    {
      method: 'get',
      path: '/v1/permits/:id/scan',
      tag,
      summary: 'The scan of a permit, for a window of its own',
      right: open('the signature in the address'),
      params: byId,
      query: linkQuery,
    },
    async ({ params, query, request }) => {
      await content.links.check(store.read, `/v1/permits/${params.id}/scan`, query);
      const found = await findPermit(store.read, params.id);
      if (!found || found.fileDeletedAt !== null) throw notFound('file');
      return sendScan(content.blobs, found, request);
    },
  );
}
