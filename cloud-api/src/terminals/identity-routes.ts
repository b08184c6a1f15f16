import {
  claimRequest,
  claimResponse,
  challengeResponse,
  keyRotationRequest,
  keyRotationResponse,
  offerChallengeRequest,
  offerChallengeResponse,
  offerRequest,
  offerResponse,
  revocations,
  tokenRequest,
  tokenResponse,
} from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { allow, open, thatTerminal, type Scope } from '../platform/auth.ts';
import { id } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import { terminal } from './contract.ts';
import { offerClaim, offerClaimed, offerLook, terminalOffer } from './offer-contract.ts';
import { signedRevocations } from './revocations.ts';
import type { TerminalsService } from './service.ts';

const tag = 'terminals';
const machineTag = 'terminals: for the machines';
const byId = z.object({ id });

/** How machines become terminals, and prove that they still are. Before every `/v1/terminals/:id`. */
export function identityRoutes(platform: Platform, terminals: TerminalsService, communities: Communities): void {
  claimRoutes(platform, terminals);
  offerRoutes(platform, terminals, communities);
  signInRoutes(platform, terminals);
  keyRoutes(platform, terminals);
}

function claimRoutes(platform: Platform, { claims, offers }: TerminalsService): void {
  const { api } = platform;
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/claims',
      tag: machineTag,
      summary: 'A fresh terminal with a code of its property hands in its public keys',
      right: open('the one-time claim code, 60 random bits'),
      body: claimRequest,
      reply: claimResponse,
    },
    async ({ body }) => claims.claim(body),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/offers/challenge',
      tag: machineTag,
      summary: 'A nonce for a terminal that nobody has claimed',
      right: open('worthless without the terminal’s key'),
      body: offerChallengeRequest,
      reply: offerChallengeResponse,
      status: 200,
    },
    async ({ body }) => offers.challenge(body.identityKey),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/offers',
      tag: machineTag,
      summary: 'A terminal that nobody has claimed asks for a code to show, and what became of it',
      right: open('the signature of the key that is offered; so many wait at a time'),
      body: offerRequest,
      reply: offerResponse,
      status: 200,
    },
    async ({ body, address }) => offers.ask(body, address),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/revocations',
      tag: machineTag,
      summary: 'Whose tokens are void, signed by the token issuer',
      right: open('a signed list of ids'),
      reply: revocations,
    },
    async () => signedRevocations(platform),
  );
}

function offerRoutes({ api }: Platform, { offers }: TerminalsService, communities: Communities): void {
  const kept: Scope<Manager> = async (q, who, { params }) => {
    await offers.mayDecide(q, who, id.parse(params['id']));
  };
  api.route(
    {
      method: 'post',
      path: '/v1/terminal-offers/look',
      tag,
      summary: 'The terminal that shows this code, kept for the community for a quarter of an hour',
      right: allow(['operator', 'property'], async (q, who, { body }) => {
        await communities.mayManage(q, who, offerLook.parse(body).communityId);
      }),
      body: offerLook,
      reply: terminalOffer,
      status: 200,
    },
    async ({ who, body }) => offers.look(who, body),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminal-offers/:id',
      tag,
      summary: 'A terminal that waits to be claimed, and whether its screen shows the digits',
      right: allow(['operator', 'property'], kept),
      params: byId,
      reply: terminalOffer,
    },
    async ({ params }) => offers.show(params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminal-offers/:id/claim',
      tag,
      summary: 'The digits are the same: the terminal is put at an entrance',
      right: allow(['operator', 'property'], kept),
      params: byId,
      body: offerClaim,
      reply: offerClaimed,
    },
    async ({ who, params, body, call }) => offers.claim(who, params.id, body, call),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminal-offers/:id/refuse',
      tag,
      summary: 'The digits are not the same: nothing is claimed, and the operator is told',
      right: allow(['operator', 'property'], kept),
      params: byId,
    },
    async ({ who, params }) => offers.refuse(who, params.id),
  );
}

function signInRoutes({ api }: Platform, { signIn }: TerminalsService): void {
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/challenge',
      tag: machineTag,
      summary: 'A nonce to sign',
      right: open('worthless without the terminal’s key'),
      params: byId,
      reply: challengeResponse,
    },
    async ({ params }) => signIn.challenge(params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/tokens',
      tag: machineTag,
      summary: 'A token for an hour, for the signature of a nonce',
      right: open('the signature of the terminal’s identity key'),
      params: byId,
      body: tokenRequest,
      reply: tokenResponse,
    },
    async ({ params, body, address }) => signIn.token(params.id, body, address),
  );
}

function keyRoutes({ api }: Platform, terminals: TerminalsService): void {
  const managed: Scope<Manager> = async (q, who, { params }) => {
    await terminals.mayManage(q, who, id.parse(params['id']));
  };
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/keys',
      tag: machineTag,
      summary: 'New keys of the terminal, signed by the old one and by the new one',
      right: thatTerminal,
      params: byId,
      body: keyRotationRequest,
      reply: keyRotationResponse,
      status: 200,
    },
    async ({ params, body }) => terminals.keys.rotate(params.id, body),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/key-rotation',
      tag,
      summary: 'Wants the terminal to make new keys; it does when it signs in next, within the hour',
      right: allow(['operator', 'property'], managed),
      params: byId,
      reply: terminal,
      status: 200,
    },
    async ({ who, params }) => {
      await terminals.keys.ask(who, params.id);
      return terminals.show(who, params.id);
    },
  );
  api.route(
    {
      method: 'post',
      path: '/v1/terminals/:id/one-machine',
      tag,
      summary: 'There is one machine with this key only, as when a backup was put back: it may sign in again',
      right: allow(['operator', 'property'], managed),
      params: byId,
      reply: terminal,
      status: 200,
    },
    async ({ who, params }) => {
      await terminals.keys.settleClone(who, params.id);
      return terminals.show(who, params.id);
    },
  );
}
