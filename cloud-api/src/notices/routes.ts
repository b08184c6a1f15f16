import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { allow, ownRows, type Scope } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { newNotice, notice, noticeQuery } from './contract.ts';
import type { Notices } from './service.ts';

const tag = 'notices';

export function noticeRoutes({ api }: Platform, notices: Notices, communities: Communities): void {
  const own: Scope<Manager> = async (q, who, { params }) => notices.mayManage(q, who, id.parse(params['id']));

  api.route(
    {
      method: 'get',
      path: '/v1/notices',
      tag,
      summary: 'Notices on the screens, newest first, and how many screens have each',
      right: allow(['operator', 'property'], ownRows),
      query: noticeQuery,
      reply: page(notice),
    },
    async ({ who, query }) => notices.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/notices',
      tag,
      summary: 'Say something on the screens of a community; it leaves at once',
      right: allow(['operator', 'property'], async (q, who, { body }) => {
        await communities.mayManage(q, who, newNotice.parse(body).communityId);
      }),
      body: newNotice,
      reply: notice,
    },
    async ({ who, body, call }) => notices.create(who, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/notices/:id',
      tag,
      summary: 'Take a notice off the screens before its time is over',
      right: allow(['operator', 'property'], own),
      params: z.object({ id }),
      reply: notice,
    },
    async ({ who, params }) => notices.end(who, params.id),
  );
}
