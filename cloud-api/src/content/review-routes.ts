import { z } from 'zod';
import { allow, operatorOnly, ownRows } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { clip } from './contract.ts';
import {
  approval,
  categoryInfo,
  clipPatch,
  clipScreens,
  declinedCategories,
  rejection,
  reviewStep,
  takingDown,
} from './review-contract.ts';
import type { Content } from './service.ts';
import type { ClipRow } from './store.ts';

const tag = 'content';
const authors = allow(['operator', 'merchant'], ownRows);
const byId = z.object({ id });
const ofClip = { tag, params: byId, reply: clip, status: 200 } as const;

/** How a clip comes to the screens and leaves them again. */
export function reviewRoutes(
  platform: Platform,
  content: Content,
  communityExists: (id: string) => Promise<unknown>,
): void {
  const { api } = platform;
  const { review } = content;
  const show = (row: ClipRow) => content.show(row);
  api.route(
    {
      ...ofClip,
      method: 'post',
      path: '/v1/clips/:id/approve',
      summary: 'Let a clip play, until a day, with the category’s checklist ticked',
      right: operatorOnly,
      body: approval,
    },
    async ({ who, params, body }) => show(await review.approve(who, params.id, body)),
  );
  api.route(
    {
      ...ofClip,
      method: 'post',
      path: '/v1/clips/:id/reject',
      summary: 'Refuse a clip',
      right: operatorOnly,
      body: rejection,
    },
    async ({ who, params, body }) => show(await review.reject(who, params.id, body)),
  );
  api.route(
    {
      ...ofClip,
      method: 'post',
      path: '/v1/clips/:id/take-down',
      summary: 'Take a clip off every screen, at once',
      right: operatorOnly,
      body: takingDown,
    },
    async ({ who, params, body }) => show(await review.takeDown(who, params.id, body)),
  );
  api.route(
    {
      ...ofClip,
      method: 'post',
      path: '/v1/clips/:id/review-again',
      summary: 'Bring a clip before the reviewers once more, after a rejection or an expiry',
      right: authors,
    },
    async ({ who, params }) => show(await review.again(who, params.id)),
  );
  api.route(
    {
      ...ofClip,
      method: 'patch',
      path: '/v1/clips/:id',
      summary: 'Say what a clip advertises',
      right: authors,
      body: clipPatch,
    },
    async ({ who, params, body }) => show(await review.categorise(who, params.id, body)),
  );
  claiming(platform, content);
  lookUps(platform, content);
  declining(platform, content, communityExists);
}

function claiming({ api }: Platform, content: Content): void {
  const summaries = {
    claim: 'Take a waiting clip to look at it: for ten minutes nobody else decides on it; again to keep it',
    release: 'Leave a clip to the other reviewers',
  } as const;
  for (const verb of ['claim', 'release'] as const)
    api.route(
      {
        ...ofClip,
        method: 'post',
        path: `/v1/clips/:id/${verb}`,
        summary: summaries[verb],
        right: operatorOnly,
      },
      async ({ who, params }) => content.show(await content.claims[verb](who, params.id), who),
    );
}

function lookUps({ api }: Platform, { desk }: Content): void {
  api.route(
    {
      method: 'get',
      path: '/v1/clips/:id/reviews',
      tag,
      summary: 'Every step of a clip’s review, the latest first',
      right: authors,
      params: byId,
      reply: page(reviewStep),
    },
    ({ who, params }) => desk.history(who, params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/clips/:id/screens',
      tag,
      summary:
        'How many screens have a list of media in force that names a clip, as far as they told; not whether the file is there already',
      right: operatorOnly,
      params: byId,
      reply: clipScreens,
    },
    ({ params }) => desk.screens(params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/clip-categories',
      tag,
      summary: 'What may be advertised, with what permit, when, and what a reviewer looks for',
      right: authors,
      reply: page(categoryInfo),
    },
    async () => ({ items: desk.categories, nextCursor: null }),
  );
}

function declining({ api }: Platform, { declined }: Content, communityExists: (id: string) => Promise<unknown>): void {
  const path = '/v1/communities/:id/declined-categories';
  api.route(
    {
      method: 'get',
      path,
      tag,
      summary: 'Categories that no screen of a community shows',
      right: operatorOnly,
      params: byId,
      reply: declinedCategories,
    },
    async ({ params }) => {
      await communityExists(params.id);
      return declined.of(params.id);
    },
  );
  api.route(
    {
      method: 'put',
      path,
      tag,
      summary: 'Say which categories no screen of a community shows',
      right: operatorOnly,
      params: byId,
      body: declinedCategories,
      reply: declinedCategories,
    },
    async ({ who, params, body }) => {
      await communityExists(params.id);
      return declined.set(who, params.id, body.categories);
    },
  );
}
