import { z } from 'zod';
import { allow, inPerson, operatorOnly, ownRows } from '../platform/auth.ts';
import { accountRoles, atMs, id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import {
  apiKey,
  apiKeyCreated,
  auditEntry,
  invitationCreated,
  newApiKey,
  newInvitation,
  newSupplier,
  supplier,
  teamMember,
  teamMemberPatch,
} from './contract.ts';
import { leadingRoles } from './invitation-rules.ts';
import type { IdentityService } from './service.ts';

const tag = 'identity';
const byId = z.object({ id });
/** A foreign id finds nothing: each of these asks the database for rows of the caller's own party. */
const leads = allow(leadingRoles, ownRows);

/** A party's people and programs, and what they did. */
export function teamRoutes(platform: Platform, identity: IdentityService): void {
  memberRoutes(platform, identity);
  keyRoutes(platform, identity);
  auditRoute(platform, identity);
  supplierRoutes(platform, identity);
}

function memberRoutes({ api }: Platform, { team, invitations }: IdentityService): void {
  api.route(
    {
      method: 'get',
      path: '/v1/team',
      tag,
      summary: 'Accounts and open invitations of the own party',
      right: leads,
      query: pageQuery.extend({ role: z.enum(accountRoles).optional() }),
      reply: page(teamMember),
    },
    async ({ who, query }) => team.list(who, query),
  );
  api.route(
    {
      method: 'patch',
      path: '/v1/team/:id',
      tag,
      summary:
        'Rename an account, change what a guard keeps, suspend or bring back; a suspended one is signed out at once',
      right: inPerson(leads),
      params: byId,
      body: teamMemberPatch,
      reply: teamMember,
    },
    async ({ who, params, body }) => team.change(who, params.id, body),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/invitations',
      tag,
      summary: 'Invite somebody into the own party; the token is in this answer and nowhere else',
      right: inPerson(leads),
      body: newInvitation,
      reply: invitationCreated,
    },
    async ({ who, body, call }) => invitations.invite(who, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/invitations/:id',
      tag,
      summary: 'Take an invitation back',
      right: inPerson(leads),
      params: byId,
    },
    async ({ who, params }) => invitations.revoke(who, params.id),
  );
}

function keyRoutes({ api }: Platform, { apiKeys }: IdentityService): void {
  api.route(
    {
      method: 'get',
      path: '/v1/api-keys',
      tag,
      summary: 'My API keys',
      right: inPerson(leads),
      query: pageQuery,
      reply: page(apiKey),
    },
    async ({ who, query }) => apiKeys.list(who, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/api-keys',
      tag,
      summary: 'A key for a program that acts for me within its scopes; it is in this answer and nowhere else',
      right: inPerson(leads),
      body: newApiKey,
      reply: apiKeyCreated,
    },
    async ({ who, body, call }) => apiKeys.create(who, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/api-keys/:id',
      tag,
      summary: 'Void a key at once',
      right: inPerson(leads),
      params: byId,
    },
    async ({ who, params }) => apiKeys.revoke(who, params.id),
  );
}

function auditRoute({ api }: Platform, { auditLog }: IdentityService): void {
  api.route(
    {
      method: 'get',
      path: '/v1/audit',
      tag: 'audit',
      summary: 'Who did what for the own party, newest first',
      right: leads,
      query: pageQuery.extend({
        actor: id.optional(),
        action: z
          .string()
          .regex(/^[a-z.-]{1,60}$/)
          .optional()
          .describe('the beginning of an action: `command` for all of them'),
        subject: z.string().max(80).optional().describe('the id of what it was done to'),
        from: z.coerce.number().pipe(atMs).optional(),
        to: z.coerce.number().pipe(atMs).optional(),
      }),
      reply: page(auditEntry),
    },
    async ({ who, query }) => auditLog.list(who, query),
  );
}

function supplierRoutes({ api }: Platform, { suppliers }: IdentityService): void {
  api.route(
    {
      method: 'get',
      path: '/v1/suppliers',
      tag: 'suppliers',
      summary: 'Suppliers',
      right: operatorOnly,
      query: pageQuery,
      reply: page(supplier),
    },
    async ({ query }) => suppliers.list(query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/suppliers',
      tag: 'suppliers',
      summary: 'A supplier, the party of its accounts',
      right: operatorOnly,
      body: newSupplier,
      reply: supplier,
    },
    async ({ who, body, call }) => suppliers.create(who, body.name, call),
  );
}
