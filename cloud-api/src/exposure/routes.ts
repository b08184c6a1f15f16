import { allow, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { exposure } from './contract.ts';
import type { Exposures } from './service.ts';

export function exposureRoutes({ api }: Platform, exposures: Exposures): void {
  api.route(
    {
      method: 'get',
      path: '/v1/exposures',
      tag: 'exposure',
      summary: 'What campaigns got, by community and half-hour; numbers appear once the half-hour is final',
      right: allow(['operator', 'merchant'], ownRows),
      query: pageQuery.extend({ campaignId: id.optional() }),
      reply: page(exposure),
    },
    ({ who, query }) => exposures.list(who, query),
  );
}
