import { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import { allow } from '../platform/auth.ts';
import { id } from '../platform/contract.ts';
import { once } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { passKeysRolled } from './pass-contract.ts';
import type { PassKeyBook } from './pass-keys.ts';

export function passKeyRoute({ api, store, clock }: Platform, keys: PassKeyBook, communities: Communities): void {
  api.route(
    {
      method: 'post',
      path: '/v1/communities/:id/pass-keys/roll',
      tag: 'access',
      summary: 'Void every signed pass and every pass code that works without a list',
      right: allow(['property'], async (q, who, { params }) => {
        await communities.mayManage(q, who, id.parse(params['id']));
      }),
      params: z.object({ id }),
      reply: passKeysRolled,
    },
    async ({ who, params, call }) =>
      store.tx((q) => once(q, clock, call, async () => ({ generation: await keys.roll(q, who, params.id) }))),
  );
}
