import { instant } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import { allow, ownRows } from '../platform/auth.ts';
import { atMs, id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { exposure } from './contract.ts';
import type { Exposures } from './service.ts';

const moment = z.coerce.number().pipe(atMs).transform(instant);

export function exposureRoutes({ api }: Platform, exposures: Exposures): void {
  api.route(
    {
      method: 'get',
      path: '/v1/exposures',
      tag: 'exposure',
      summary: 'What campaigns got, by community and half-hour; numbers appear once the half-hour is final',
      right: allow(['operator', 'merchant'], ownRows),
      query: pageQuery.extend({ campaignId: id.optional(), from: moment.optional(), to: moment.optional() }),
      reply: page(exposure),
    },
    ({ who, query }) => exposures.list(who, query),
  );
}
