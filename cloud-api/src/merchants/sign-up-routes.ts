import { z } from 'zod';
import { linkQuery, type FileLinks } from '../content/file-links.ts';
import { photoBytesMax } from '../content/maker/photo-intake.ts';
import { allow, inPerson, open, operatorOnly, ownRows } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { id } from '../platform/contract.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { sendFile } from '../platform/send-file.ts';
import type { Merchants } from './service.ts';
import {
  applications,
  applicationsQuery,
  communitiesNamed,
  communityNameQuery,
  licenceQuery,
  merchantApproval,
  merchantProfile,
  merchantRejection,
  merchantSignUp,
  payee,
  signedUp,
} from './sign-up-contract.ts';
import type { SignUps } from './sign-ups.ts';
import { findMerchant } from './store.ts';

const tag = 'merchants';
const byId = z.object({ id });
const self = inPerson(allow(['merchant'], ownRows));

export interface SignUpRouteParts {
  readonly merchants: Merchants;
  readonly papers: BlobStore;
  readonly links: FileLinks;
}

export function signUpRoutes(platform: Platform, signUps: SignUps, parts: SignUpRouteParts): void {
  strangers(platform, signUps);
  ownProfile(platform, signUps, parts.merchants);
  approvalDesk(platform, signUps, parts.merchants);
  licencePhotos(platform, parts);
}

function strangers({ api }: Platform, signUps: SignUps): void {
  const why = 'whoever has a store; a brake on networks';
  api.route(
    {
      method: 'post',
      path: '/v1/merchant-sign-ups',
      tag,
      summary: 'Sign a store up: it may look and quote at once, and pays and publishes after approval',
      right: open(why),
      body: merchantSignUp,
      reply: signedUp,
    },
    ({ who, body, address, call }) => signUps.signUp(who, body, { address, call }),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/merchant-sign-ups/communities',
      tag,
      summary: 'Communities by a part of their name, to say where a store is',
      right: open(why),
      query: communityNameQuery,
      reply: communitiesNamed,
    },
    ({ query, address }) => signUps.communitiesNamed(query.name, address),
  );
}

function ownProfile({ api }: Platform, signUps: SignUps, merchants: Merchants): void {
  api.route(
    {
      method: 'get',
      path: '/v1/merchant-profile',
      tag,
      summary: 'The merchant itself: where its application stands and what is missing',
      right: self,
      reply: merchantProfile,
    },
    ({ who }) => signUps.own(who),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/merchant-profile/licence',
      tag,
      summary: 'Hand in the business licence: its number, and a photo as body',
      right: self,
      query: licenceQuery,
      bodyBytesMax: photoBytesMax,
      reply: merchantProfile,
    },
    ({ who, query, request }) => {
      if (!request.body) throw refusal('invalid-request', 'the body is the photo');
      return signUps.handInLicence(who, query.number, request.body);
    },
  );
  api.route(
    {
      method: 'put',
      path: '/v1/merchant-profile/payee',
      tag,
      summary: 'Say where the money goes; answers show it masked',
      right: self,
      body: payee,
      reply: merchantProfile,
    },
    ({ who, body }) => signUps.setPayee(who, body),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/merchant-profile/apply',
      tag,
      summary: 'Apply again after a rejection',
      right: self,
      reply: merchantProfile,
      status: 200,
    },
    async ({ who }) => {
      await merchants.applyAgain(who);
      return signUps.own(who);
    },
  );
}

function approvalDesk({ api }: Platform, signUps: SignUps, merchants: Merchants): void {
  api.route(
    {
      method: 'get',
      path: '/v1/merchant-applications',
      tag,
      summary: 'Merchants that signed up, whoever waits longest first',
      right: operatorOnly,
      query: applicationsQuery,
      reply: applications,
    },
    ({ query }) => signUps.list(query),
  );
  const yes = { tag, right: operatorOnly, params: byId, reply: merchantProfile, status: 200 } as const;
  api.route(
    {
      ...yes,
      method: 'post',
      path: '/v1/merchants/:id/approve',
      summary: 'The merchant may pay and publish; says how it was made sure that it is the merchant',
      body: merchantApproval,
    },
    async ({ who, params, body }) => {
      await merchants.approve(who, params.id, body.contact);
      return signUps.get(params.id);
    },
  );
  api.route(
    { ...yes, method: 'post', path: '/v1/merchants/:id/reinstate', summary: 'A suspended merchant may again' },
    async ({ who, params }) => {
      await merchants.reinstate(who, params.id);
      return signUps.get(params.id);
    },
  );
  const no = {
    reject: 'The merchant may put something right and apply again',
    suspend: 'The merchant may not any more',
  } as const;
  for (const verb of ['reject', 'suspend'] as const)
    api.route(
      {
        method: 'post',
        path: `/v1/merchants/:id/${verb}`,
        tag,
        summary: no[verb],
        right: operatorOnly,
        params: byId,
        body: merchantRejection,
        reply: merchantProfile,
        status: 200,
      },
      async ({ who, params, body }) => {
        await merchants[verb](who, params.id, body);
        return signUps.get(params.id);
      },
    );
}

function licencePhotos({ api, store }: Platform, { papers, links }: SignUpRouteParts): void {
  api.route(
    {
      method: 'get',
      path: '/v1/merchants/:id/licence',
      tag,
      summary: 'The photo of a business licence',
      right: open('the signature in the address'),
      params: byId,
      query: linkQuery,
    },
    async ({ params, query, request }) => {
      await links.check(store.read, `/v1/merchants/${params.id}/licence`, query);
      const sha256 = (await findMerchant(store.read, params.id))?.licenceSha256 ?? null;
      if (sha256 === null) throw notFound('file');
      return sendFile(papers, sha256, 'image/jpeg', request);
    },
  );
}
