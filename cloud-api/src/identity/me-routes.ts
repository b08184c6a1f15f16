import { z } from 'zod';
import { allow, anyAccount, inPerson, ownRows } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { me, ownSession, passwordChange, recoveryCodes, totpCode, totpSetup } from './contract.ts';
import type { IdentityService } from './service.ts';

const tag = 'identity';
/** Residents sign in by texted code, so they have no password to guard. */
const withPassword = inPerson(
  allow(['operator', 'property', 'guard', 'merchant', 'store-staff', 'leader', 'supplier'], ownRows),
);

/** The own account: who, where signed in, and by what. */
export function meRoutes(platform: Platform, identity: IdentityService): void {
  platform.api.route(
    { method: 'get', path: '/v1/me', tag, summary: 'Who I am', right: anyAccount, reply: me },
    async ({ who }) => identity.me(who),
  );
  ownSessionRoutes(platform, identity);
  passwordRoutes(platform, identity);
}

function ownSessionRoutes({ api, store }: Platform, { sessions }: IdentityService): void {
  api.route(
    {
      method: 'get',
      path: '/v1/me/sessions',
      tag,
      summary: 'Where I am signed in',
      right: inPerson(anyAccount),
      query: pageQuery,
      reply: page(ownSession),
    },
    async ({ who, query }) => sessions.list(who, query),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/me/sessions/:id',
      tag,
      summary: 'End one of my sessions',
      right: inPerson(anyAccount),
      params: z.object({ id }),
    },
    async ({ who, params }) => sessions.revoke(who, params.id),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/me/sessions',
      tag,
      summary: 'End all my sessions but this one',
      right: inPerson(anyAccount),
    },
    async ({ who }) => store.tx((q) => sessions.revokeOthers(q, who)),
  );
}

function passwordRoutes({ api }: Platform, identity: IdentityService): void {
  api.route(
    {
      method: 'put',
      path: '/v1/me/password',
      tag,
      summary: 'Another password; ends all my other sessions',
      right: withPassword,
      body: passwordChange,
    },
    async ({ who, body }) => identity.passwords.change(who, body.current, body.next),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/me/totp',
      tag,
      summary: 'Begin with a second factor: a secret for an authenticator app (RFC 6238)',
      right: withPassword,
      reply: totpSetup,
    },
    async ({ who }) => identity.beginTotp(who),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/me/totp/confirm',
      tag,
      summary: 'A first code of it: from now on signing in takes one. Answers with eight recovery codes',
      right: withPassword,
      body: totpCode,
      reply: recoveryCodes,
      status: 200,
    },
    async ({ who, body }) => identity.confirmTotp(who, body.code),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/me/totp/remove',
      tag,
      summary: 'Sign in without a second factor again; takes a code of it',
      right: withPassword,
      body: totpCode,
    },
    async ({ who, body }) => identity.removeTotp(who, body.code),
  );
}
