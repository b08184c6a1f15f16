import { expect, it } from 'vitest';
import { instant } from '@gatecast/firmware-protocol';
import { dueFrom, misfitOf, stateOf, type Said } from './rules.ts';

it.each([
  [{ documentVersion: 3, applied: null, failed: null }, 'pending'],
  [{ documentVersion: 3, applied: 2, failed: null }, 'pending'],
  [{ documentVersion: 3, applied: 2, failed: 2 }, 'pending'],
  [{ documentVersion: 3, applied: 2, failed: 3 }, 'failed'],
  [{ documentVersion: 3, applied: 3, failed: 2 }, 'applied'],
] as const)('a terminal that says %j is %s', (progress, state) => {
  expect(stateOf(progress)).toBe(state);
});

const built = { version: '1.4.0', model: 'linux-x64', protocolFloor: 4, minFrom: '1.2.0' };
const said: Said = { status: 'active', model: 'linux-x64', protocol: 4, agentVersion: '1.3.0' };

it.each([
  [{}, null],
  [{ status: 'unclaimed' }, 'unclaimed'],
  [{ status: 'revoked' }, 'terminal-revoked'],
  [{ model: 'linux-arm64' }, 'wrong-model'],
  [{ protocol: 3 }, 'protocol-too-new'],
  [{ agentVersion: '1.4.1' }, 'older-release'],
  [{ agentVersion: '1.1.9' }, 'step-missing'],
  [{ agentVersion: '1.4.0' }, null],
  [{ model: null, protocol: null, agentVersion: null }, null],
] as const)('of a terminal that has said %j the release is %s', (change, misfit) => {
  expect(misfitOf(built, { ...said, ...change })).toBe(misfit);
});

const shanghai = (text: string) => instant(Date.parse(`${text}+08:00`));
const night = { fromMinute: 120, toMinute: 300 };

it.each([
  [null, null, '2026-11-22T12:00:00', '2026-11-22T12:00:00'],
  [null, night, '2026-11-22T12:00:30', '2026-11-23T02:00:00'],
  [null, night, '2026-11-22T03:00:00', '2026-11-22T03:00:00'],
  [null, night, '2026-11-22T01:59:59', '2026-11-22T02:00:00'],
  [{ fromMinute: 480, toMinute: 600 }, night, '2026-11-22T12:00:00', '2026-11-24T02:00:00'],
] as const)(
  'fetched in %j and restarted for in %j, told at %s a terminal may have it from %s on',
  (window, restartWindow, at, due) => {
    expect(dueFrom({ window, restartWindow }, shanghai(at), 'Asia/Shanghai')).toBe(shanghai(due));
  },
);
