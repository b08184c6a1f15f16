import { learnedCard } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { setPin } from '../communities/resident-contract.ts';
import type { Communities, Manager } from '../communities/service.ts';
import { allow, thatTerminal, type As, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { credential, newCard, revocation } from './credential-contract.ts';
import type { Access } from './service.ts';

const tag = 'access';
const byId = z.object({ id });

/** What the property gives to residents, and takes back. */
export function credentialRoutes(platform: Platform, access: Access, communities: Communities): void {
  residentCredentialRoutes(platform, access, communities);
  duressPinRoutes(platform, access, communities);
  oneCredentialRoutes(platform, access, communities);
}

function residentScopes(communities: Communities) {
  const managed: Scope<Manager> = async (q, who, { params }) => {
    const { communityId } = await communities.resident(q, id.parse(params['id']));
    await communities.mayManage(q, who, communityId);
  };
  /** Also the resident in person. */
  const ownOrManaged: Scope<Manager | As<'resident'>> = async (q, who, asked) => {
    if (who.role !== 'resident') return managed(q, who, asked);
    if (asked.params['id'] !== who.residentId) throw notFound('resident');
  };
  return { managed, ownOrManaged };
}

function residentCredentialRoutes(platform: Platform, access: Access, communities: Communities): void {
  const { api, store, privacy } = platform;
  const { managed } = residentScopes(communities);
  api.route(
    {
      method: 'get',
      path: '/v1/residents/:id/credentials',
      tag,
      summary: 'What opens doors for a resident, and what did',
      right: allow(['operator', 'property'], managed),
      params: byId,
      query: pageQuery,
      reply: page(credential),
    },
    async ({ who, params, query }) => {
      await privacy.noteViews(who, [params.id], 'record');
      return access.credentials.list(who, { residentId: params.id }, query);
    },
  );
  api.route(
    {
      method: 'post',
      path: '/v1/residents/:id/cards',
      tag,
      summary: 'A card for a resident, by its number or as a reader has learned it',
      right: allow(['operator', 'property'], managed),
      params: byId,
      body: newCard,
      reply: credential,
    },
    async ({ who, params, body, call }) => {
      const made = await access.cards.addToResident(who, params.id, body, call);
      return access.credentials.show(store.read, made);
    },
  );
  api.route(
    {
      method: 'get',
      path: '/v1/residents/:id/revocation',
      tag,
      summary: 'Which terminals know that somebody who moved out may no longer enter',
      right: allow(['operator', 'property'], managed),
      params: byId,
      reply: revocation,
    },
    async ({ params }) => access.revocation(params.id),
  );
}

function duressPinRoutes({ api }: Platform, access: Access, communities: Communities): void {
  const { ownOrManaged } = residentScopes(communities);
  api.route(
    {
      method: 'put',
      path: '/v1/residents/:id/duress-pin',
      tag,
      summary: 'A PIN that opens as usual and calls the property for help',
      right: allow(['property', 'resident'], ownOrManaged),
      params: byId,
      body: setPin,
    },
    async ({ who, params, body, call }) => access.pins.setDuress(who, params.id, body.pin, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/residents/:id/duress-pin',
      tag,
      summary: 'No PIN for under threat any more',
      right: allow(['property', 'resident'], ownOrManaged),
      params: byId,
    },
    async ({ who, params }) => access.pins.removeDuress(who, params.id),
  );
}

function oneCredentialRoutes({ api }: Platform, access: Access, communities: Communities): void {
  const managedCredential: Scope<Manager> = async (q, who, { params }) => {
    await communities.mayManage(q, who, (await access.credentials.find(q, who, id.parse(params['id']))).communityId);
  };

  api.route(
    {
      method: 'delete',
      path: '/v1/credentials/:id',
      tag,
      summary: 'Revoke a PIN, a card or a phone',
      right: allow(['operator', 'property'], managedCredential),
      params: byId,
      reply: credential,
    },
    async ({ who, params }) => access.credentials.revoke(who, params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/learned-cards',
      tag: 'terminals: for the machines',
      summary: 'What a reader was shown after `learn-card`',
      right: thatTerminal,
      params: byId,
      body: learnedCard,
    },
    async ({ params, body }) => access.learned.take(params.id, body),
  );
}
