import { agentModel, sha256Hex } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { operatorOnly, thatTerminal } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { sendFile } from '../platform/send-file.ts';
import {
  assigned,
  assignment,
  assignmentPreview,
  release,
  releaseTerminal,
  releaseTerms,
  uploadBytesMax,
  uploadQuery,
} from './contract.ts';
import type { ReleasesService } from './service.ts';

const tag = 'releases';
const byId = z.object({ id });

export function releaseRoutes(platform: Platform, releases: ReleasesService): void {
  keepingRoutes(platform, releases);
  givingRoutes(platform, releases);
}

function keepingRoutes({ api }: Platform, releases: ReleasesService): void {
  api.route(
    {
      method: 'post',
      path: '/v1/releases',
      tag,
      summary:
        'Upload a signed release of the agent as the body; it is checked as a terminal would before it is listed',
      right: operatorOnly,
      query: uploadQuery,
      bodyBytesMax: uploadBytesMax,
      reply: release,
    },
    ({ who, query, request, call }) => {
      if (!request.body) throw refusal('invalid-request', 'the body is the release file');
      return releases.upload(who, query, request.body, call);
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/releases',
      tag,
      summary: 'Releases of the agent, newest first, with how far the terminals are',
      right: operatorOnly,
      query: pageQuery.extend({ model: agentModel.optional() }),
      reply: page(release),
    },
    ({ query }) => releases.list(query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/releases/:id',
      tag,
      summary: 'A release of the agent',
      right: operatorOnly,
      params: byId,
      reply: release,
    },
    ({ params }) => releases.get(params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/releases/:id/withdraw',
      tag,
      summary: 'Give a release to nobody else; who has not fetched it yet does not get it',
      right: operatorOnly,
      params: byId,
      reply: release,
      status: 200,
    },
    ({ who, params }) => releases.withdraw(who, params.id),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/releases/:id/download',
      tag,
      summary:
        'When terminals that are given a release from now on may fetch it and restart for it, and how fast it comes',
      right: operatorOnly,
      params: byId,
      body: releaseTerms,
      reply: release,
    },
    ({ who, params, body }) => releases.setTerms(who, params.id, body),
  );
}

function givingRoutes({ api }: Platform, releases: ReleasesService): void {
  api.route(
    {
      method: 'post',
      path: '/v1/releases/:id/assignments',
      tag,
      summary:
        'Make a release what these terminals should run, at once and without stages; those that it is not for are left alone, and named',
      right: operatorOnly,
      params: byId,
      body: assignment,
      reply: assigned,
      status: 200,
    },
    ({ who, params, body }) => releases.assignByHand(who, params.id, body),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/releases/:id/assignments/preview',
      tag,
      summary: 'Which of these terminals a release is for, by what they have said of themselves; changes nothing',
      right: operatorOnly,
      params: byId,
      body: assignment,
      reply: assignmentPreview,
      status: 200,
    },
    ({ params, body }) => releases.preview(params.id, body),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/releases/:id/terminals',
      tag,
      summary: 'Terminals that were last given this release, what they run and how it went',
      right: operatorOnly,
      params: byId,
      query: pageQuery,
      reply: page(releaseTerminal),
    },
    ({ params, query }) => releases.terminals(params.id, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/releases/:sha256',
      tag,
      summary: 'The archive of the release that a terminal was given; takes up where a broken download ended',
      right: thatTerminal,
      params: z.object({ id, sha256: sha256Hex }),
    },
    async ({ params, request }) => {
      if (!(await releases.mayFetch(params.id, params.sha256))) throw notFound('release');
      return sendFile(releases.blobs, params.sha256, 'application/gzip', request);
    },
  );
}
