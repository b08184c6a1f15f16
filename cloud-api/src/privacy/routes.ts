import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { allow, ownRows, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { consent, consentChange, consentPurpose, personalExport, recordView } from './contract.ts';
import type { PrivacyService } from './service.ts';

const tag = 'privacy';
const byId = z.object({ id });

export function privacyRoutes(platform: Platform, privacy: PrivacyService, communities: Communities): void {
  propertyRoutes(platform, privacy, communities);
  ownDataRoutes(platform, privacy, communities);
  consentRoutes(platform, privacy);
}

function propertyRoutes({ api }: Platform, privacy: PrivacyService, communities: Communities): void {
  // Also of somebody who was erased, so that a repeated erasure finds nothing to do instead of nobody.
  const ofManaged: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, await communities.communityOfResident(q, id.parse(params['id'])));
  };
  const right = allow(['operator', 'property'], ofManaged);
  api.route(
    {
      method: 'get',
      path: '/v1/residents/:id/export',
      tag,
      summary: 'All that is kept of a resident; the resident sees that it was exported',
      right,
      params: byId,
      reply: personalExport,
    },
    async ({ who, params }) => privacy.exportOf(who, params.id),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/residents/:id',
      tag,
      summary: 'Erase a resident: every right is taken back, every name forgotten; orders keep their amounts',
      right,
      params: byId,
    },
    async ({ who, params, call }) => communities.eraseResident(who, params.id, call),
  );
}

function ownDataRoutes({ api }: Platform, privacy: PrivacyService, communities: Communities): void {
  const right = allow(['resident'], ownRows);
  api.route(
    {
      method: 'get',
      path: '/v1/me/export',
      tag,
      summary: 'All that is kept of me',
      right,
      reply: personalExport,
    },
    async ({ who }) => privacy.exportOf(who, who.residentId),
  );
  api.route(
    { method: 'delete', path: '/v1/me', tag, summary: 'Erase me and my account', right },
    async ({ who, call }) => communities.eraseResident(who, who.residentId, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/me/record-views',
      tag,
      summary: 'Who looked at my data, newest first',
      right,
      query: pageQuery,
      reply: page(recordView),
    },
    async ({ who, query }) => privacy.views.list(who.residentId, query),
  );
}

function consentRoutes({ api, store }: Platform, { consents }: PrivacyService): void {
  const right = allow(['resident'], ownRows);
  api.route(
    {
      method: 'get',
      path: '/v1/me/consents',
      tag,
      summary: 'What I agree to; nothing until I say so',
      right,
      reply: page(consent),
    },
    async ({ who }) => ({ items: await consents.list(store.read, who.residentId), nextCursor: null }),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/me/consents/:purpose',
      tag,
      summary: 'Agree, or take it back, with effect at once',
      right,
      params: z.object({ purpose: consentPurpose }),
      body: consentChange,
      reply: consent,
    },
    async ({ who, params, body, call }) => consents.set(who, params.purpose, body, call),
  );
}
