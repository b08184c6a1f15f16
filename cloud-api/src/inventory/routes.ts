import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { linkQuery, type FileLinks } from '../content/file-links.ts';
import { sendScan } from '../content/receive-scan.ts';
import { allow, open, operatorOnly, ownRows, type Scope } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import {
  blackout,
  blackoutsQuery,
  dayPrices,
  dayPricesQuery,
  decisionBytesMax,
  decisionNote,
  decisionsQuery,
  newBlackout,
  newDecisionQuery,
  newRateLine,
  ownerDecision,
  rateCard,
  rateLine,
  rateLinesQuery,
  sellingState,
  unsoldCommunity,
} from './contract.ts';
import type { Inventory } from './service.ts';
import { findDecision } from './store.ts';
import { unsoldCommunities } from './unsold-communities.ts';

const tag = 'inventory';
const byId = z.object({ id });
const managers = ['operator', 'property'] as const;

export interface InventoryRouteParts {
  readonly communities: Communities;
  readonly papers: BlobStore;
  readonly links: FileLinks;
}

export function inventoryRoutes(platform: Platform, inventory: Inventory, parts: InventoryRouteParts): void {
  recording(platform, inventory, parts.communities);
  looking(platform, inventory, parts.communities);
  unsold(platform);
  deciding(platform, inventory);
  documents(platform, parts);
  rateRoutes(platform, inventory);
  blackoutRoutes(platform, inventory);
}

function recording({ api }: Platform, { decisions }: Inventory, communities: Communities): void {
  const inOwnCommunity: Scope<Manager> = async (q, who, { query }) => {
    await communities.mayManage(q, who, id.parse(query['communityId']));
  };
  api.route(
    {
      method: 'post',
      path: '/v1/owner-decisions',
      tag,
      summary:
        'Record what the owners of a community decided on its screens; the body is the document (JPEG, PNG or PDF)',
      right: allow(managers, inOwnCommunity),
      query: newDecisionQuery,
      bodyBytesMax: decisionBytesMax,
      reply: ownerDecision,
    },
    ({ who, query, request, call }) => {
      if (!request.body) throw refusal('invalid-request', 'the body is the document');
      return decisions.record(who, query, request.body, call);
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/owner-decisions',
      tag,
      summary: 'Decisions of owners, newest first',
      right: allow(managers, ownRows),
      query: decisionsQuery,
      reply: page(ownerDecision),
    },
    ({ who, query }) => decisions.list(who, query),
  );
}

function looking({ api }: Platform, inventory: Inventory, communities: Communities): void {
  const managed: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, id.parse(params['id']));
  };
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/selling',
      tag,
      summary: 'What of a community’s screens is for sale now, what is kept off them and what apart',
      right: allow(managers, managed),
      params: byId,
      reply: sellingState,
    },
    ({ params }) => inventory.state(params.id),
  );
}

function unsold({ api, store, clock }: Platform): void {
  api.route(
    {
      method: 'get',
      path: '/v1/unsold-communities',
      tag,
      summary: 'Communities that sell nothing because their owners’ decision is not recorded, or is over',
      right: operatorOnly,
      query: pageQuery,
      reply: page(unsoldCommunity),
    },
    ({ query }) => unsoldCommunities(store.read, clock.now(), query),
  );
}

function deciding({ api }: Platform, { decisions }: Inventory): void {
  api.route(
    {
      method: 'post',
      path: '/v1/owner-decisions/:id/confirm',
      tag,
      summary: 'The document says what was recorded: its community’s screens are for sale as it says',
      right: operatorOnly,
      params: byId,
      reply: ownerDecision,
      status: 200,
    },
    ({ who, params }) => decisions.confirm(who, params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/owner-decisions/:id/refuse',
      tag,
      summary: 'The document does not say what was recorded',
      right: operatorOnly,
      params: byId,
      body: decisionNote,
      reply: ownerDecision,
      status: 200,
    },
    ({ who, params, body }) => decisions.refuse(who, params.id, body.note),
  );
  const ofOwnCommunity: Scope<Manager> = (_q, who, { params }) => decisions.mayManage(who, id.parse(params['id']));
  api.route(
    {
      method: 'post',
      path: '/v1/owner-decisions/:id/revoke',
      tag,
      summary: 'The owners took their decision back: nothing paid is shown there from now on',
      right: allow(managers, ofOwnCommunity),
      params: byId,
      body: decisionNote,
      reply: ownerDecision,
      status: 200,
    },
    ({ who, params, body }) => decisions.revoke(who, params.id, body.note),
  );
}

function documents({ api, store }: Platform, { papers, links }: InventoryRouteParts): void {
  api.route(
    {
      method: 'get',
      path: '/v1/owner-decisions/:id/document',
      tag,
      summary: 'The document of a decision, for a window of its own',
      right: open('the signature in the address'),
      params: byId,
      query: linkQuery,
    },
    async ({ params, query, request }) => {
      await links.check(store.read, `/v1/owner-decisions/${params.id}/document`, query);
      const found = await findDecision(store.read, params.id);
      if (!found || found.fileDeletedAt !== null) throw notFound('file');
      return sendScan(papers, found, request);
    },
  );
}

function rateRoutes({ api }: Platform, { rates }: Inventory): void {
  api.route(
    {
      method: 'get',
      path: '/v1/rate-lines',
      tag,
      summary: 'The rate card: prices of a touch by place, time, segment and product, newest first',
      right: operatorOnly,
      query: rateLinesQuery,
      reply: rateCard,
    },
    ({ query }) => rates.list(query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/rate-card',
      tag,
      summary: 'What a touch costs on a day, half-hours of equal prices together, and which line says so',
      right: operatorOnly,
      query: dayPricesQuery,
      reply: dayPrices,
    },
    ({ query }) => rates.day(query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/rate-lines',
      tag,
      summary: 'A further price; what was agreed at another one stays as it was',
      right: operatorOnly,
      body: newRateLine,
      reply: rateLine,
    },
    ({ who, body, call }) => rates.add(who, body, call),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/rate-lines/:id/end',
      tag,
      summary: 'A price ends now, for half-hours that nobody has bought',
      right: operatorOnly,
      params: byId,
      reply: rateLine,
      status: 200,
    },
    ({ who, params }) => rates.end(who, params.id),
  );
}

function blackoutRoutes({ api }: Platform, { blackouts }: Inventory): void {
  api.route(
    {
      method: 'get',
      path: '/v1/blackouts',
      tag,
      summary: 'Days on which nothing is sold and nothing paid is shown, newest first',
      right: allow(managers, ownRows),
      query: blackoutsQuery,
      reply: page(blackout),
    },
    ({ who, query }) => blackouts.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/blackouts',
      tag,
      summary: 'Close days of a community, or (operator) of the network, to everything paid',
      right: allow(managers, ownRows),
      body: newBlackout,
      reply: blackout,
    },
    ({ who, body, call }) => blackouts.add(who, body, call),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/blackouts/:id/lift',
      tag,
      summary: 'Open the days again',
      right: allow(managers, ownRows),
      params: byId,
      reply: blackout,
      status: 200,
    },
    ({ who, params }) => blackouts.lift(who, params.id),
  );
}
