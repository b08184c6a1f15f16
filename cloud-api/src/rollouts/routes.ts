import { z } from 'zod';
import type { Manager } from '../communities/service.ts';
import { allow, ownRows, type Scope } from '../platform/auth.ts';
import { id, page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import {
  newRollout,
  rollout,
  rolloutPlan,
  rolloutPreview,
  rolloutQuery,
  rolloutTerminal,
  rolloutTerminalQuery,
  terminalGroups,
  terminalTags,
} from './contract.ts';
import type { Rollouts } from './service.ts';

const tag = 'rollouts';
const byId = z.object({ id });

/** Roll-outs of settings and of releases, in stages. */
export function rolloutRoutes(platform: Platform, rollouts: Rollouts, terminals: Terminals): void {
  startingRoutes(platform, rollouts);
  watchingRoutes(platform, rollouts);
  movingRoutes(platform, rollouts);
  groupRoutes(platform, rollouts, terminals);
}

const own =
  (rollouts: Rollouts): Scope<Manager> =>
  async (q, who, { params }) =>
    rollouts.mayManage(q, who, id.parse(params['id']));

function startingRoutes({ api }: Platform, rollouts: Rollouts): void {
  const ownSubject: Scope<Manager> = async (q, who, { body }) =>
    rollouts.mayRollOut(q, who, rolloutPlan.parse(body).what);

  api.route(
    {
      method: 'post',
      path: '/v1/rollouts/preview',
      tag,
      summary: 'Whom a roll-out would reach in which stage, and what it would change',
      right: allow(['operator', 'property'], ownSubject),
      body: rolloutPlan,
      reply: rolloutPreview,
      status: 200,
    },
    async ({ who, body }) => rollouts.preview(who, body),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/rollouts',
      tag,
      summary: 'Begin what a preview showed; refused if anything has changed since',
      right: allow(['operator', 'property'], ownSubject),
      body: newRollout,
      reply: rollout,
    },
    async ({ who, body, call }) => rollouts.create(who, body, call),
  );
}

function watchingRoutes({ api }: Platform, rollouts: Rollouts): void {
  api.route(
    {
      method: 'get',
      path: '/v1/rollouts',
      tag,
      summary: 'Roll-outs with the progress of each stage, newest first',
      right: allow(['operator', 'property'], ownRows),
      query: rolloutQuery,
      reply: page(rollout),
    },
    async ({ who, query }) => rollouts.list(who, query),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/rollouts/:id',
      tag,
      summary: 'One roll-out',
      right: allow(['operator', 'property'], own(rollouts)),
      params: byId,
      reply: rollout,
    },
    async ({ params }) => rollouts.get(params.id),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/rollouts/:id/terminals',
      tag,
      summary: 'What became of it at each terminal, and why',
      right: allow(['operator', 'property'], own(rollouts)),
      params: byId,
      query: rolloutTerminalQuery,
      reply: page(rolloutTerminal),
    },
    async ({ params, query }) => rollouts.terminals(params.id, query),
  );
}

function movingRoutes({ api }: Platform, rollouts: Rollouts): void {
  const moves = [
    ['pause', 'paused', 'Tell nobody else until it is resumed; what was told is still watched'],
    ['resume', 'running', 'Go on; after a halt, with the failures so far accepted'],
    ['cancel', 'cancelled', 'Tell nobody else; what was done stays'],
    ['roll-back', 'returning', 'Give every terminal back what it had before'],
  ] as const;
  for (const [verb, state, summary] of moves) {
    api.route(
      {
        method: 'post',
        path: `/v1/rollouts/:id/${verb}`,
        tag,
        summary,
        right: allow(['operator', 'property'], own(rollouts)),
        params: byId,
        reply: rollout,
        status: 200,
      },
      async ({ who, params }) => rollouts.move(who, params.id, state),
    );
  }
}

function groupRoutes({ api }: Platform, rollouts: Rollouts, terminals: Terminals): void {
  const ownTerminal: Scope<Manager> = async (q, who, { params }) => {
    await terminals.mayManage(q, who, id.parse(params['id']));
  };
  api.route(
    {
      method: 'get',
      path: '/v1/terminal-groups',
      tag,
      summary: 'Tags and models by which terminals can be chosen',
      right: allow(['operator', 'property'], ownRows),
      reply: terminalGroups,
    },
    async ({ who }) => rollouts.groups(who),
  );
  api.route(
    {
      method: 'get',
      path: '/v1/terminals/:id/tags',
      tag,
      summary: 'The groups that a terminal belongs to by its tags',
      right: allow(['operator', 'property'], ownTerminal),
      params: byId,
      reply: terminalTags,
    },
    async ({ params }) => rollouts.tagsOf(params.id),
  );
  api.route(
    {
      method: 'put',
      path: '/v1/terminals/:id/tags',
      tag,
      summary: 'The words by which a terminal belongs to groups',
      right: allow(['operator', 'property'], ownTerminal),
      params: byId,
      body: terminalTags,
      reply: terminalTags,
    },
    async ({ who, params, body }) => rollouts.setTags(who, params.id, body),
  );
}
