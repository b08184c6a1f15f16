import { z } from 'zod';
import { operatorOnly } from '../../platform/auth.ts';
import { id, page } from '../../platform/contract.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Channels } from './channels.ts';
import {
  channel,
  channelCreated,
  channelPatch,
  fleetAlarm,
  fleetAlarmAck,
  fleetAlarmQuery,
  newChannel,
  newSilence,
  silence,
} from './contract.ts';
import type { AlarmDesk } from './desk.ts';

const tag = 'fleet';
const right = operatorOnly;
const byId = z.object({ id });
const wholeList = <T>(items: readonly T[]) => ({ items, nextCursor: null });

export function fleetAlarmRoutes(platform: Platform, desk: AlarmDesk, channels: Channels): void {
  alarmRoutes(platform, desk);
  silenceRoutes(platform, desk);
  channelRoutes(platform, channels);
}

function alarmRoutes({ api }: Platform, desk: AlarmDesk): void {
  api.route(
    {
      method: 'get',
      path: '/v1/fleet/alarms',
      tag,
      summary: 'What is or was wrong with the fleet',
      right,
      query: fleetAlarmQuery,
      reply: page(fleetAlarm),
    },
    async ({ query }) => desk.list(query),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/fleet/alarms/:id/ack',
      tag,
      summary: 'Somebody sees to it',
      right,
      params: byId,
      body: fleetAlarmAck,
      reply: fleetAlarm,
      status: 200,
    },
    async ({ who, params, body, call }) => desk.acknowledge(who, params.id, body, call),
  );
}

function silenceRoutes({ api }: Platform, desk: AlarmDesk): void {
  api.route(
    {
      method: 'get',
      path: '/v1/fleet/silences',
      tag,
      summary: 'What nobody is told of now, until when and why',
      right,
      reply: page(silence),
    },
    async () => wholeList(await desk.silences()),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/fleet/silences',
      tag,
      summary: 'Tell nobody of such alarms for a while; they stay in the list',
      right,
      body: newSilence,
      reply: silence,
    },
    async ({ who, body, call }) => desk.silence(who, body, call),
  );
  api.route(
    {
      method: 'delete',
      path: '/v1/fleet/silences/:id',
      tag,
      summary: 'End a silence now; what is still raised is told then',
      right,
      params: byId,
    },
    async ({ who, params }) => desk.endSilence(who, params.id),
  );
}

function channelRoutes({ api }: Platform, channels: Channels): void {
  api.route(
    {
      method: 'get',
      path: '/v1/fleet/channels',
      tag,
      summary: 'By which ways alarms leave, and what became of the last message',
      right,
      reply: page(channel),
    },
    async () => wholeList(await channels.list()),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/fleet/channels',
      tag,
      summary: 'A webhook, with its secret shown once, or the phones of those on call',
      right,
      body: newChannel,
      reply: channelCreated,
    },
    async ({ who, body, call }) => channels.create(who, body, call),
  );
  api.route(
    {
      method: 'patch',
      path: '/v1/fleet/channels/:id',
      tag,
      summary: 'Its name, what it tells of, and whether it is on',
      right,
      params: byId,
      body: channelPatch,
      reply: channel,
    },
    async ({ who, params, body, call }) => channels.change(who, params.id, body, call),
  );
  api.route(
    { method: 'delete', path: '/v1/fleet/channels/:id', tag, summary: 'Away with it', right, params: byId },
    async ({ who, params }) => channels.remove(who, params.id),
  );
  api.route(
    {
      method: 'post',
      path: '/v1/fleet/channels/:id/test',
      tag,
      summary: 'Send a message that says it is a test',
      right,
      params: byId,
      reply: channel,
      status: 202,
    },
    async ({ who, params }) => channels.test(who, params.id),
  );
}
