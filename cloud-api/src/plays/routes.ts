import { operatorOnly } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { play } from './contract.ts';
import type { Plays } from './service.ts';

export function playRoutes({ api }: Platform, plays: Plays): void {
  api.route(
    {
      method: 'get',
      path: '/v1/plays',
      tag: 'plays',
      summary: 'Plays, newest first; no touch and no person',
      right: operatorOnly,
      query: pageQuery.extend({ terminalId: id.optional() }),
      reply: page(play),
    },
    ({ query }) => plays.list(query),
  );
}
