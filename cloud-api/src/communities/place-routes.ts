import { z } from 'zod';
import { allow, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { buildingSummary, holidays, newUnits, unit, unitPatch, unitsMade } from './place-contract.ts';
import { managed } from './scopes.ts';
import type { Communities, Manager } from './service.ts';

const tag = 'communities';
const byId = z.object({ id });
const search = z.string().trim().max(60).optional();

/** Buildings, units and the days off of a community. */
export function placeRoutes(platform: Platform, communities: Communities): void {
  unitRoutes(platform, communities);
  holidayRoutes(platform, communities);
}

function unitRoutes({ api }: Platform, communities: Communities): void {
  const right = allow(['operator', 'property'], managed(communities));
  const ofManaged: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, (await communities.unit(q, id.parse(params['id']))).communityId);
  };
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/buildings',
      tag,
      summary: 'Buildings, with how many live there',
      right,
      params: byId,
      query: pageQuery,
      reply: page(buildingSummary),
    },
    async ({ params, query }) => communities.buildings(params.id, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/units',
      tag,
      summary: 'Units, by building and number',
      right,
      params: byId,
      query: pageQuery.extend({ building: z.string().max(20).optional(), search }),
      reply: page(unit),
    },
    async ({ params, query }) => communities.units(params.id, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/communities/:id/units',
      tag,
      summary: 'Units of a building, many at once',
      right,
      params: byId,
      body: newUnits,
      reply: unitsMade,
    },
    async ({ who, params, body, call }) => communities.createUnits(who, params.id, body, call),
  );
  api.route(
    {
      method: 'patch',
      path: '/v1/units/:id',
      tag,
      summary: 'The floor of a unit, where its number does not tell it',
      right: allow(['operator', 'property'], ofManaged),
      params: byId,
      body: unitPatch,
      reply: unit,
    },
    async ({ who, params, body, call }) => communities.changeUnit(who, params.id, body, call),
  );
}

function holidayRoutes({ api, store }: Platform, communities: Communities): void {
  const right = allow(['operator', 'property'], managed(communities));
  const path = '/v1/communities/:id/holidays';
  api.route(
    {
      method: 'get',
      path,
      tag,
      summary: 'Days on which the rules for holidays count',
      right,
      params: byId,
      reply: holidays,
    },
    async ({ params }) => ({ dates: [...(await communities.holidays(store.read, params.id))] }),
  );
  api.route(
    {
      method: 'put',
      path,
      tag,
      summary: 'Set the days on which the rules for holidays count',
      right,
      params: byId,
      body: holidays,
      reply: holidays,
    },
    async ({ who, params, body, call }) => communities.setHolidays(who, params.id, body, call),
  );
}
