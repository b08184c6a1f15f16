import { z } from 'zod';
import { allow, ownRows, type Account } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import {
  newResident,
  relation,
  resident,
  type Resident,
  residentPatch,
  residentProfile,
  residentRecord,
  setPin,
} from './resident-contract.ts';
import { managed, reachable } from './scopes.ts';
import type { Communities } from './service.ts';

const tag = 'communities';
const byId = z.object({ id });
const residentQuery = pageQuery.extend({
  search: z.string().trim().max(60).optional(),
  building: z.string().max(20).optional(),
  unitId: id.optional(),
  state: resident.shape.state.optional(),
  relation: relation.optional(),
});

/** Whether somebody has a PIN for under threat is the person's and the property's to know. */
const shownTo = <R extends Resident>({ role }: Account, one: R): R =>
  role === 'operator' ? { ...one, hasDuressPin: false } : one;

export function residentRoutes(platform: Platform, communities: Communities): void {
  listRoutes(platform, communities);
  recordRoutes(platform, communities);
  ownRoutes(platform, communities);
}

function listRoutes({ api }: Platform, communities: Communities): void {
  const right = allow(['operator', 'property'], managed(communities));
  const path = '/v1/communities/:id/residents';
  api.route(
    {
      method: 'get',
      path,
      tag,
      summary: 'Residents by building and unit; `search` looks for a name, a place or the end of a phone',
      right,
      params: byId,
      query: residentQuery,
      reply: page(resident),
    },
    async ({ who, params, query }) => {
      const { items, nextCursor } = await communities.residents(params.id, query);
      return { items: items.map((one) => shownTo(who, one)), nextCursor };
    },
  );
  api.route(
    {
      method: 'post',
      path,
      tag,
      summary: 'Somebody moves in, with a PIN if there is one already',
      right,
      params: byId,
      body: newResident,
      reply: resident,
    },
    async ({ who, params, body, call }) => shownTo(who, await communities.createResident(who, params.id, body, call)),
  );
}

function recordRoutes({ api }: Platform, communities: Communities): void {
  const right = allow(['operator', 'property'], reachable(communities));
  const path = '/v1/residents/:id';
  api.route(
    {
      method: 'get',
      path,
      tag,
      summary: 'A resident and who lives with them; the resident sees that it was looked at',
      right,
      params: byId,
      reply: residentRecord,
    },
    async ({ who, params }) => shownTo(who, await communities.residentRecord(who, params.id)),
  );
  api.route(
    {
      method: 'patch',
      path,
      tag,
      summary: 'Change a record',
      right,
      params: byId,
      body: residentPatch,
      reply: resident,
    },
    async ({ who, params, body, call }) => shownTo(who, await communities.changeResident(who, params.id, body, call)),
  );
  api.route(
    {
      method: 'post',
      path: `${path}/move-out`,
      tag,
      summary: 'Somebody moves out: everything that lets them in is taken back on every door',
      right,
      params: byId,
      reply: resident,
      status: 200,
    },
    async ({ who, params, call }) => shownTo(who, await communities.moveOut(who, params.id, call)),
  );
  api.route(
    {
      method: 'put',
      path: `${path}/pin`,
      tag,
      summary: 'Set the PIN; it becomes a keyed hash at once and is forgotten',
      right: allow(['operator', 'property', 'resident'], reachable(communities)),
      params: byId,
      body: setPin,
      reply: resident,
    },
    async ({ who, params, body, call }) => shownTo(who, await communities.setPin(who, params.id, body.pin, call)),
  );
}

function ownRoutes({ api, store }: Platform, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/me/profile',
      tag,
      summary: 'My record at the property',
      right: allow(['resident'], ownRows),
      reply: residentProfile,
    },
    async ({ who }) => communities.profile(store.read, who.residentId),
  );
}
