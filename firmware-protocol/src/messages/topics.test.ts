import { expect, it } from 'vitest';
import { newId } from '../units/ids.ts';
import { brokerStatusFilter, cloudSubscriptions, mayPublish, maySubscribe, parseUpTopic, topicsOf } from './topics.ts';

const own = newId('terminal');
const other = newId('terminal');
const terminal = { kind: 'terminal', terminal: own } as const;
const cloud = { kind: 'cloud' } as const;

it('a terminal speaks on its own two topics and hears its own two', () => {
  const all = [
    ...Object.values(topicsOf(own)),
    ...Object.values(topicsOf(other)),
    '#',
    '$SYS/broker',
    brokerStatusFilter,
    `gc/v1/t/${own}/#`,
  ];
  expect(all.filter((t) => mayPublish(terminal, t))).toEqual([topicsOf(own).presence, topicsOf(own).commandState]);
  expect(all.filter((t) => maySubscribe(terminal, t))).toEqual([topicsOf(own).command, topicsOf(own).hint]);
});

it('the cloud commands, hints and listens, and nothing more', () => {
  const all = [
    ...Object.values(topicsOf(own)),
    ...cloudSubscriptions,
    brokerStatusFilter,
    '$SYS/#',
    '#',
    'gc/v1/t/+/down/command',
  ];
  expect(all.filter((t) => mayPublish(cloud, t))).toEqual([topicsOf(own).command, topicsOf(own).hint]);
  expect(all.filter((t) => maySubscribe(cloud, t))).toEqual([...cloudSubscriptions, brokerStatusFilter]);
});

it('an upward topic names its terminal', () => {
  expect(parseUpTopic(topicsOf(own).presence)).toEqual({ terminal: own, channel: 'presence' });
  expect(parseUpTopic(topicsOf(own).command)).toBeUndefined();
  expect(parseUpTopic(`gc/v1/t/${own}/up/presence/x`)).toBeUndefined();
});
