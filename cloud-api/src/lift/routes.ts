import { z } from 'zod';
import { allow, ownRows } from '../platform/auth.ts';
import { id } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { lift } from './contract.ts';
import type { Lifts } from './service.ts';

export function liftRoutes({ api }: Platform, lifts: Lifts): void {
  api.route(
    {
      method: 'get',
      path: '/v1/campaigns/:id/lift',
      tag: 'lift',
      summary: 'What a campaign changed: orders on days with it against days on which it was held out',
      right: allow(['operator', 'merchant'], ownRows),
      params: z.object({ id }),
      reply: lift,
    },
    ({ who, params }) => lifts.of(who, params.id),
  );
}
