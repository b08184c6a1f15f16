import { z } from 'zod';
import { allow, operatorOnly, ownRows, type As, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import {
  community,
  entrance,
  newCommunity,
  newEntrance,
  newPropertyCompany,
  newResident,
  propertyCompany,
  resident,
  setPin,
} from './contract.ts';
import { communityReaders, type Communities, type Manager } from './service.ts';

const tag = 'communities';
const byId = z.object({ id });

const managed =
  (communities: Communities): Scope<Manager> =>
  async (q, who, { params }) => {
    await communities.mayManage(q, who, id.parse(params['id']));
  };

/** A resident's own record, or one of a community that the caller manages. */
const reachable =
  (communities: Communities): Scope<As<'operator' | 'property' | 'resident'>> =>
  async (q, who, { params }) => {
    const found = await communities.resident(q, id.parse(params['id']));
    if (who.role !== 'resident') await communities.mayManage(q, who, found.communityId);
    else if (found.id !== who.residentId) throw notFound('resident');
  };

export function communityRoutes(platform: Platform, communities: Communities): void {
  partyRoutes(platform, communities);
  entranceRoutes(platform, communities);
  residentRoutes(platform, communities);
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
}

function entranceRoutes({ api }: Platform, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/entrances',
      tag,
      summary: 'Entrances of a community',
      right: allow(['operator', 'property'], managed(communities)),
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
}

function residentRoutes({ api }: Platform, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/residents',
      tag,
      summary: 'Residents, by name or unit',
      right: allow(['operator', 'property'], managed(communities)),
      params: byId,
      query: pageQuery.extend({ search: z.string().trim().max(60).optional() }),
      reply: page(resident),
    },
    async ({ params, query }) => communities.residents(params.id, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/communities/:id/residents',
      tag,
      summary: 'A resident, with a PIN if there is one already',
      right: allow(['operator', 'property'], managed(communities)),
      params: byId,
      body: newResident,
      reply: resident,
    },
    async ({ who, params, body, call }) => communities.createResident(who, params.id, body, call),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/residents/:id/pin',
      tag,
      summary: 'Set the PIN; it becomes a keyed hash at once and is forgotten',
      right: allow(['operator', 'property', 'resident'], reachable(communities)),
      params: byId,
      body: setPin,
      reply: resident,
    },
    async ({ who, params, body, call }) => communities.setPin(who, params.id, body.pin, call),
  );
}
