import { anyAccount, inPerson, open } from '../platform/auth.ts';
import type { Platform } from '../platform/platform.ts';
import {
  invitationAcceptance,
  invitationLook,
  invitationToken,
  session,
  sessionLink,
  signIn,
  smsCodeRequest,
} from './contract.ts';
import { deviceOf } from './device.ts';
import { meRoutes } from './me-routes.ts';
import type { From, IdentityService } from './service.ts';
import { teamRoutes } from './team-routes.ts';

const tag = 'identity';

export function identityRoutes(platform: Platform, identity: IdentityService): void {
  signInRoutes(platform, identity);
  invitedRoutes(platform, identity);
  meRoutes(platform, identity);
  teamRoutes(platform, identity);
}

const from = ({ address, request }: { readonly address: string | undefined; readonly request: Request }): From => ({
  address,
  device: deviceOf(request.headers.get('user-agent')),
});

function signInRoutes({ api }: Platform, identity: IdentityService): void {
  api.route(
    {
      method: 'post',
      path: '/v1/sessions',
      tag,
      summary:
        'Sign in by e-mail and password (and a code, if the account wants one), by phone and texted code, or by a one-time link',
      right: open('the password, code or link'),
      body: signIn,
      reply: session,
    },
    async ({ body, ...request }) => {
      if ('link' in body) return identity.signInByLink(body.link, from(request));
      if ('phone' in body) return identity.signInByCode(body.phone, body.code, from(request));
      return identity.signInByPassword(body, from(request));
    },
  );
  api.route(
    { method: 'delete', path: '/v1/sessions/current', tag, summary: 'Sign out', right: inPerson(anyAccount) },
    async ({ who }) => identity.sessions.close(who),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/session-links',
      tag,
      summary: 'A link that signs the same person in once, within a minute',
      right: inPerson(anyAccount),
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
      right: open('the code reaches only the owner of the phone; limited per phone and network address'),
      body: smsCodeRequest,
      status: 202,
    },
    async ({ body, ...request }) => identity.sendCode(body.phone, from(request)),
  );
}

function invitedRoutes({ api }: Platform, identity: IdentityService): void {
  const invited = open('the token of the invitation, 256 random bits');
  api.route(
    {
      method: 'post',
      path: '/v1/invitations/look',
      tag,
      summary: 'What an invitation is for',
      right: invited,
      body: invitationToken,
      reply: invitationLook,
      status: 200,
    },
    async ({ body }) => identity.invitations.look(body.token),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/invitations/accept',
      tag,
      summary: 'Take up an invitation with a password of one’s own; signs in',
      right: invited,
      body: invitationAcceptance,
      reply: session,
    },
    async ({ body, ...request }) => identity.acceptInvitation(body.token, body.password, from(request)),
  );
}
