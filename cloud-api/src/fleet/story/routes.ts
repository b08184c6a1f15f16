import { z } from 'zod';
import { allow, ownRows } from '../../platform/auth.ts';
import { page } from '../../platform/contract.ts';
import type { Platform } from '../../platform/platform.ts';
import { searchQuery, story, storyKind, storySubject } from './contract.ts';
import type { Search } from './search.ts';
import type { Stories } from './story.ts';

const tag = 'fleet';

export function storyRoutes({ api }: Platform, search: Search, stories: Stories): void {
  api.route(
    {
      method: 'get',
      path: '/v1/search',
      tag,
      summary: 'What a typed text can stand for: a unit, an order, a play, a touch, a terminal',
      right: allow(['operator', 'property'], ownRows),
      query: searchQuery,
      reply: page(storySubject),
    },
    async ({ who, query }) => ({ items: await search.find(who, query.q), nextCursor: null }),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/stories/:kind/:id',
      tag,
      summary:
        'All that is known of one thing, newest first; a look at a unit is audited and its residents can read it',
      right: allow(['operator', 'property'], ownRows),
      params: z.object({ kind: storyKind, id: z.string().max(80) }),
      reply: story,
    },
    async ({ who, params }) => stories.tell(who, params.kind, params.id),
  );
}
