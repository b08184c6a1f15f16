import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { allow, ownRows, type Keeper, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { credential, newCard } from './credential-contract.ts';
import { accessSchedule, newAccessSchedule, newPass, pass, passCreated, passPerson } from './pass-contract.ts';
import type { Access } from './service.ts';

const tag = 'access';
const byId = z.object({ id });

/** What a route about one pass wants of its caller. */
function passScopes({ passes }: Access, communities: Communities) {
  const communityOf = async (q: Reads, params: Readonly<Record<string, unknown>>) =>
    (await passes.get(q, id.parse(params['id']))).communityId;
  const managed: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, await communityOf(q, params));
  };
  const kept: Scope<Keeper> = async (q, who, { params }) => {
    await communities.mayKeep(q, who, await communityOf(q, params));
  };
  return { managed, kept };
}

export function passRoutes(platform: Platform, access: Access, communities: Communities): void {
  passListRoutes(platform, access, communities);
  onePassRoutes(platform, access, communities);
  passCardRoutes(platform, access, communities);
}

function passListRoutes({ api }: Platform, access: Access, communities: Communities): void {
  api.route(
    {
      method: 'get',
      path: '/v1/passes',
      tag,
      summary: 'Passes of visitors, couriers, staff and others, newest first',
      right: allow(['operator', 'property', 'guard'], ownRows),
      query: pageQuery.extend({
        communityId: id.optional(),
        person: passPerson.optional(),
        state: pass.shape.state.optional(),
        search: z
          .string()
          .trim()
          .min(1)
          .max(60)
          .optional()
          .describe('part of the label or of the host’s name, or the beginning of the host’s unit'),
        hostId: id.optional().describe('those that this resident asked in'),
        day: z.iso.date().optional().describe('valid at some time of that day of the community, which has to be named'),
      }),
      reply: page(pass),
    },
    async ({ who, query }) => access.passes.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/passes',
      tag,
      summary: 'A pass; its code and its QR are in this answer and nowhere else',
      right: allow(['operator', 'property'], async (q, who, { body }) => {
        await communities.mayManage(q, who, newPass.parse(body).communityId);
      }),
      body: newPass,
      reply: passCreated,
    },
    async ({ who, body, call }) => access.passes.create(who, body, call),
  );
}

function onePassRoutes({ api, store }: Platform, access: Access, communities: Communities): void {
  const { managed, kept } = passScopes(access, communities);
  api.route(
    {
      method: 'get',
      path: '/v1/passes/:id',
      tag,
      summary: 'One pass',
      right: allow(['operator', 'property', 'guard'], kept),
      params: byId,
      reply: pass,
    },
    async ({ params }) => access.passes.get(store.read, params.id),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/passes/:id',
      tag,
      summary: 'Revoke a pass, its code, its QR and its cards',
      right: allow(['operator', 'property'], managed),
      params: byId,
      reply: pass,
    },
    async ({ who, params }) => access.passes.revoke(who, params.id),
  );
}

function passCardRoutes({ api, store }: Platform, access: Access, communities: Communities): void {
  const { managed } = passScopes(access, communities);
  api.route(
    {
      method: 'get',
      path: '/v1/passes/:id/cards',
      tag,
      summary: 'Cards of a pass',
      right: allow(['operator', 'property'], managed),
      params: byId,
      query: pageQuery,
      reply: page(credential),
    },
    async ({ who, params, query }) => access.credentials.list(who, { passId: params.id }, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/passes/:id/cards',
      tag,
      summary: 'A card that opens what the pass opens',
      right: allow(['operator', 'property'], managed),
      params: byId,
      body: newCard,
      reply: credential,
    },
    async ({ who, params, body, call }) => {
      const made = await access.cards.addToPass(who, params.id, body, call);
      return access.credentials.show(store.read, made);
    },
  );
}

export function scheduleRoutes({ api }: Platform, { schedules }: Access, communities: Communities): void {
  const ownCommunity: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, id.parse(params['id']));
  };
  const ownSchedule: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, (await schedules.find(q, id.parse(params['id']))).communityId);
  };
  const managers = ['operator', 'property'] as const;

  api.route(
    {
      method: 'get',
      path: '/v1/communities/:id/access-schedules',
      tag,
      summary: 'When somebody with a pass may come',
      right: allow(managers, ownCommunity),
      params: byId,
      query: pageQuery,
      reply: page(accessSchedule),
    },
    async ({ params, query }) => schedules.list(params.id, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/communities/:id/access-schedules',
      tag,
      summary: 'A named set of weekly windows',
      right: allow(managers, ownCommunity),
      params: byId,
      body: newAccessSchedule,
      reply: accessSchedule,
    },
    async ({ who, params, body, call }) => schedules.create(who, params.id, body, call),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/access-schedules/:id',
      tag,
      summary: 'Other windows, for everybody who has them, at once',
      right: allow(managers, ownSchedule),
      params: byId,
      body: newAccessSchedule,
      reply: accessSchedule,
    },
    async ({ who, params, body, call }) => schedules.change(who, params.id, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/access-schedules/:id',
      tag,
      summary: 'Remove a schedule that no pass goes by',
      right: allow(managers, ownSchedule),
      params: byId,
    },
    async ({ who, params }) => schedules.remove(who, params.id),
  );
}
