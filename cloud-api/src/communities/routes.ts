import { z } from 'zod';
import { allow, operatorOnly, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import {
  community,
  communityPatch,
  entrance,
  entrancePatch,
  newCommunity,
  newEntrance,
  newPropertyCompany,
  propertyCompany,
} from './contract.ts';
import { importRoutes } from './imports/routes.ts';
import { placeRoutes } from './place-routes.ts';
import { residentRoutes } from './resident-routes.ts';
import { kept, managed } from './scopes.ts';
import { communityReaders, type Communities } from './service.ts';

const tag = 'communities';
const byId = z.object({ id });

export function communityRoutes(platform: Platform, communities: Communities): void {
  partyRoutes(platform, communities);
  entranceRoutes(platform, communities);
  placeRoutes(platform, communities);
  residentRoutes(platform, communities);
  importRoutes(platform, communities.imports, communities);
}

function partyRoutes({ api }: Platform, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/property-companies',
      tag,
      summary: 'Property companies',
      right: allow(['operator', 'property'], ownRows),
      query: pageQuery,
      reply: page(propertyCompany),
    },
    async ({ who, query }) => communities.companies(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/property-companies',
      tag,
      summary: 'A property company with its first manager',
      right: operatorOnly,
      body: newPropertyCompany,
      reply: propertyCompany,
    },
    async ({ who, body, call }) => communities.createCompany(who, body, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/communities',
      tag,
      summary: 'Communities',
      right: allow(communityReaders, ownRows),
      query: pageQuery,
      reply: page(community),
    },
    async ({ who, query }) => communities.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/communities',
      tag,
      summary: 'A community of a property company',
      right: operatorOnly,
      body: newCommunity,
      reply: community,
    },
    async ({ who, body, call }) => communities.create(who, body, call),
  );
  api.route(
    {
      method: 'patch',
      path: '/v1/communities/:id',
      tag,
      summary:
        'Rename a community, or say how long its access log names people, when children pass its doors, and how loud its screens may be',
      right: allow(['operator', 'property'], managed(communities)),
      params: byId,
      body: communityPatch,
      reply: community,
    },
    async ({ who, params, body, call }) => communities.change(who, params.id, body, call),
  );
}

function entranceRoutes({ api }: Platform, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/entrances',
      tag,
      summary: 'Entrances of a community',
      right: allow(['operator', 'property', 'guard'], kept(communities)),
      params: byId,
      query: pageQuery,
      reply: page(entrance),
    },
    async ({ params, query }) => communities.entrances(params.id, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/communities/:id/entrances',
      tag,
      summary: 'An entrance',
      right: allow(['operator', 'property'], managed(communities)),
      params: byId,
      body: newEntrance,
      reply: entrance,
    },
    async ({ who, params, body, call }) => communities.createEntrance(who, params.id, body, call),
  );
  api.route(
    {
      method: 'patch',
      path: '/v1/entrances/:id',
      tag,
      summary: 'Rename an entrance',
      right: allow(['operator', 'property'], async (q, who, { params }) => {
        const { communityId } = await communities.entrance(q, id.parse(params['id']));
        await communities.mayManage(q, who, communityId);
      }),
      params: byId,
      body: entrancePatch,
      reply: entrance,
    },
    async ({ who, params, body, call }) => communities.renameEntrance(who, params.id, body.name, call),
  );
}
