import { z } from 'zod';
import type { Manager } from '../communities/service.ts';
import { allow, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import {
  commissioning,
  commissioningItem,
  commissioningRun,
  commissioningSignOff,
  commissioningWord,
} from './commissioning-contract.ts';
import type { TerminalsService } from './service.ts';

const tag = 'terminals';
const byId = z.object({ id });

export function commissioningRoutes({ api }: Platform, terminals: TerminalsService): void {
  const desk = terminals.commissioning;
  const own: Scope<Manager> = async (q, who, { params }) => {
    await terminals.mayManage(q, who, id.parse(params['id']));
  };

  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/commissioning',
      tag,
      summary: 'How far a new door is proven: what the journal shows since the start, and what the installer said',
      right: allow(['operator', 'property'], own),
      params: byId,
      reply: commissioning,
    },
    async ({ params }) => desk.show(params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/commissioning',
      tag,
      summary: 'Begin to prove a door, or begin anew; earlier runs stay in the history',
      right: allow(['operator', 'property'], own),
      params: byId,
      reply: commissioning,
    },
    async ({ who, params, call }) => desk.start(who, params.id, call),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/terminals/:id/commissioning/:item',
      tag,
      summary: 'Say that a part works, fails, or is not there',
      right: allow(['operator', 'property'], own),
      params: byId.extend({ item: commissioningItem }),
      body: commissioningWord,
      reply: commissioning,
    },
    async ({ who, params, body, call }) => desk.say(who, params.id, params.item, body, call),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/commissioning/sign-off',
      tag,
      summary: 'Sign for a proven door; what was signed never changes',
      right: allow(['operator', 'property'], own),
      params: byId,
      body: commissioningSignOff,
      reply: commissioning,
      status: 200,
    },
    async ({ who, params, body, call }) => desk.signOff(who, params.id, body, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/commissioning-runs',
      tag,
      summary: 'Every time that somebody began to prove the door, the newest first',
      right: allow(['operator', 'property'], own),
      params: byId,
      query: pageQuery,
      reply: page(commissioningRun),
    },
    async ({ params, query }) => desk.runs(params.id, query),
  );
}
