import { anyAccount, open } from '../platform/auth.ts';
import type { Platform } from '../platform/platform.ts';
import { me, session, sessionLink, signIn, smsCodeRequest } from './contract.ts';
import type { Identity } from './service.ts';

const tag = 'identity';

export function identityRoutes({ api }: Platform, identity: Identity): void {
  api.route(
    {
      method: 'post',
      path: '/v1/sessions',
      tag,
      summary: 'Sign in by e-mail and password, by phone and texted code, or by a one-time link',
      right: open('the password, code or link'),
      body: signIn,
      reply: session,
    },
    async ({ body }) => {
      if ('link' in body) return identity.signInByLink(body.link);
      if ('phone' in body) return identity.signInByCode(body.phone, body.code);
      return identity.signInByPassword(body.email, body.password);
    },
  );
  api.route(
    { method: 'delete', path: '/v1/sessions/current', tag, summary: 'Sign out', right: anyAccount },
    async ({ who }) => identity.signOut(who),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/session-links',
      tag,
      summary: 'A link that signs the same person in once, within a minute',
      right: anyAccount,
      reply: sessionLink,
    },
    async ({ who }) => identity.createLink(who),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/sms-codes',
      tag,
      summary: 'Text a sign-in code to a resident; the answer is the same for an unknown phone',
      right: open('the code reaches only the owner of the phone; limited per phone'),
      body: smsCodeRequest,
      status: 202,
    },
    async ({ body }) => identity.sendCode(body.phone),
  );
  api.route(
    { method: 'get', path: '/v1/me', tag, summary: 'Who I am', right: anyAccount, reply: me },
    async ({ who }) => identity.me(who),
  );
}
