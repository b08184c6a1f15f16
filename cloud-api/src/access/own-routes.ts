import { z } from 'zod';
import { allow, ownRows, type As, type Scope } from '../platform/auth.ts';
import { id, page, pageQuery } from '../platform/contract.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { commandRecord } from '../terminals/command-contract.ts';
import { credential, newPhone } from './credential-contract.ts';
import { ownDoor, ownRecord } from './own-door-contract.ts';
import { ownRecords } from './own-records.ts';
import { newOwnPass, pass, passCreated } from './pass-contract.ts';
import type { Access } from './service.ts';

const tag = 'access: of residents';
const byId = z.object({ id });
const resident = allow(['resident'], ownRows);

/** What residents do from their phones. */
export function ownRoutes(platform: Platform, access: Access): void {
  ownPassRoutes(platform, access);
  ownDoorRoutes(platform, access);
  ownCredentialRoutes(platform, access);
}

function ownPassRoutes({ api }: Platform, { passes, ownPasses }: Access): void {
  api.route(
    {
      method: 'get',
      path: '/v1/me/passes',
      tag,
      summary: 'My visitors, newest first',
      right: resident,
      query: pageQuery,
      reply: page(pass),
    },
    async ({ who, query }) => passes.ofHost(who.residentId, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/me/passes',
      tag,
      summary: 'Invite a visitor; the code and the QR are in this answer and nowhere else',
      right: resident,
      body: newOwnPass,
      reply: passCreated,
    },
    async ({ who, body, call }) => ownPasses.create(who, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/me/passes/:id',
      tag,
      summary: 'Take an invitation back',
      right: resident,
      params: byId,
      reply: pass,
    },
    async ({ who, params }) => ownPasses.revoke(who, params.id),
  );
}

function ownDoorRoutes({ api, store }: Platform, { ownDoors }: Access): void {
  api.route(
    {
      method: 'get',
      path: '/v1/me/doors',
      tag,
      summary: 'Doors that I may open from afar',
      right: resident,
      reply: page(ownDoor),
    },
    async ({ who }) => ({ items: await ownDoors.list(who), nextCursor: null }),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/me/doors/:id/open',
      tag,
      summary: 'Open a door now; void after ten seconds',
      right: resident,
      params: byId,
      reply: commandRecord,
    },
    async ({ who, params, call }) => ownDoors.open(who, params.id, call),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/me/commands/:id',
      tag,
      summary: 'How far my opening is',
      right: resident,
      params: byId,
      reply: commandRecord,
    },
    async ({ who, params }) => ownDoors.command(who, params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/me/records',
      tag,
      summary: 'When I came, as the doors tell it, newest first',
      right: resident,
      query: pageQuery,
      reply: page(ownRecord),
    },
    async ({ who, query }) => ownRecords(store.read, who.residentId, query),
  );
}

function ownCredentialRoutes({ api, store }: Platform, { credentials, phones }: Access): void {
  const ownCredential: Scope<As<'resident'>> = async (q, who, { params }) => {
    const { residentId } = await credentials.find(q, who, id.parse(params['id']));
    if (residentId !== who.residentId) throw notFound('credential');
  };

  api.route(
    {
      method: 'get',
      path: '/v1/me/credentials',
      tag,
      summary: 'What opens doors for me',
      right: resident,
      query: pageQuery,
      reply: page(credential),
    },
    async ({ who, query }) => credentials.list(who, { residentId: who.residentId }, query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/me/phones',
      tag,
      summary: 'Let this phone show a code of its own at readers',
      right: resident,
      body: newPhone,
      reply: credential,
    },
    async ({ who, body, call }) => credentials.show(store.read, await phones.add(who, body, call)),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/me/credentials/:id',
      tag,
      summary: 'Revoke what I lost',
      right: allow(['resident'], ownCredential),
      params: byId,
      reply: credential,
    },
    async ({ who, params }) => credentials.revoke(who, params.id),
  );
}
