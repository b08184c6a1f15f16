import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { allow, ownRows, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { newPass, pass, passCreated } from './pass-contract.ts';
import type { Access } from './service.ts';

const tag = 'access';
const byId = z.object({ id });

export function accessRoutes({ api }: Platform, access: Access, communities: Communities): void {
  const ownPass: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, (await access.passes.get(q, id.parse(params['id']))).communityId);
  };

  api.route(
    {
      method: 'get',
      path: '/v1/passes',
      tag,
      summary: 'Visitors’ passes, newest first',
      right: allow(['operator', 'property'], ownRows),
      query: pageQuery.extend({ communityId: id.optional() }),
      reply: page(pass),
    },
    async ({ who, query }) => access.passes.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/passes',
      tag,
      summary: 'A visitor’s code; it is in this answer and nowhere else',
      right: allow(['operator', 'property'], async (q, who, { body }) => {
        await communities.mayManage(q, who, newPass.parse(body).communityId);
      }),
      body: newPass,
      reply: passCreated,
    },
    async ({ who, body, call }) => access.passes.create(who, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/passes/:id',
      tag,
      summary: 'Revoke a pass',
      right: allow(['operator', 'property'], ownPass),
      params: byId,
      reply: pass,
    },
    async ({ who, params }) => access.passes.revoke(who, params.id),
  );
}
