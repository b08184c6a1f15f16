import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { allow, open, ownRows, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import type { ClipBlocks } from './clip-blocks.ts';
import {
  clipBlocks,
  complaint,
  complaintAnswer,
  complaintCounts,
  complaintMade,
  complaintQuery,
  newClipBlock,
  newComplaint,
  ownComplaint,
  ownScreens,
  screenFace,
  screenToken,
} from './contract.ts';
import type { Complaints } from './service.ts';

const tag = 'complaints';

export function complaintRoutes(
  platform: Platform,
  complaints: Complaints,
  { blocks, communities }: { readonly blocks: ClipBlocks; readonly communities: Communities },
): void {
  passerByRoutes(platform, complaints);
  deskRoutes(platform, complaints);
  blockRoutes(platform, blocks, communities);
}

function passerByRoutes({ api }: Platform, complaints: Complaints): void {
  const byToken = z.object({ token: screenToken });
  const why = "the screen's MAC in the token; a brake on networks and screens";
  api.route(
    {
      method: 'get',
      path: '/v1/screens/:token',
      tag,
      summary: 'The screen that somebody stands before, and what it may show',
      right: open(why),
      params: byToken,
      reply: screenFace,
    },
    ({ params }) => complaints.face(params.token),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/screens/:token/complaints',
      tag,
      summary: 'Say that a screen is too loud, or object to an advert, without saying who one is',
      right: open(why),
      params: byToken,
      body: newComplaint,
      reply: complaintMade,
    },
    ({ who, params, body, address, call }) => complaints.complain(who, params.token, body, { address, call }),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/complaint-receipts/:receipt',
      tag,
      summary: 'What became of a complaint',
      right: open('an unguessable receipt that names nobody'),
      params: z.object({ receipt: z.string().max(40) }),
      reply: ownComplaint,
    },
    ({ params }) => complaints.receipt(params.receipt),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/me/complaints',
      tag,
      summary: 'What the resident has said of screens, newest first, and the answers',
      right: allow(['resident'], ownRows),
      query: pageQuery,
      reply: page(ownComplaint),
    },
    ({ who, query }) => complaints.own(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/me/screens',
      tag,
      summary: 'The screens of the resident’s own community, to say something of one',
      right: allow(['resident'], ownRows),
      reply: ownScreens,
    },
    ({ who }) => complaints.ownScreens(who),
  );
}

function deskRoutes({ api }: Platform, complaints: Complaints): void {
  const answerable: Scope<Manager> = (q, who, { params }) => complaints.mayManage(q, who, id.parse(params['id']));
  api.route(
    {
      method: 'get',
      path: '/v1/complaints',
      tag,
      summary: 'Complaints about screens, newest first',
      right: allow(['operator', 'property'], ownRows),
      query: complaintQuery,
      reply: page(complaint),
    },
    ({ who, query }) => complaints.list(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/complaint-counts',
      tag,
      summary: 'How many complaints wait for an answer, and how many have waited too long',
      right: allow(['operator', 'property'], ownRows),
      query: z.object({ communityId: id.optional() }),
      reply: complaintCounts,
    },
    ({ who, query }) => complaints.counts(who, query.communityId),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/complaints/:id/answer',
      tag,
      summary: 'Answer a complaint, once; whoever has its receipt reads it',
      right: allow(['operator', 'property'], answerable),
      params: z.object({ id }),
      body: complaintAnswer,
      reply: complaint,
      status: 200,
    },
    ({ who, params, body, call }) => complaints.answer(who, params.id, body.answer, call),
  );
}

function blockRoutes({ api }: Platform, blocks: ClipBlocks, communities: Communities): void {
  const managed: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, id.parse(params['id']));
  };
  const byClip = z.object({ id, clipId: id });
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/clip-blocks',
      tag,
      summary: 'Clips that are not on this community’s screens',
      right: allow(['operator', 'property'], managed),
      params: z.object({ id }),
      reply: clipBlocks,
    },
    ({ params }) => blocks.list(params.id),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/communities/:id/clip-blocks/:clipId',
      tag,
      summary: 'Take a clip off this community’s screens; online ones stop it at once',
      right: allow(['operator', 'property'], managed),
      params: byClip,
      body: newClipBlock,
      reply: clipBlocks,
    },
    async ({ who, params, body }) => {
      await blocks.block(who, params.id, params.clipId, body.complaintId);
      return blocks.list(params.id);
    },
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/communities/:id/clip-blocks/:clipId',
      tag,
      summary: 'Let a clip on this community’s screens again',
      right: allow(['operator', 'property'], managed),
      params: byClip,
      reply: clipBlocks,
    },
    async ({ who, params }) => {
      await blocks.allow(who, params.id, params.clipId);
      return blocks.list(params.id);
    },
  );
}
