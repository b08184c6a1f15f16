import type { HealthIssue } from '@gatecast/firmware-protocol/messages';
import { instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { issuesOf, type HealthFacts } from './issues.ts';

const minuteMs = 60_000;
const now = instant(1_800_000_000_000);
const healthy: HealthFacts = {
  at: now,
  agentVersion: '0.1.0',
  boot: 'boot',
  uptimeMs: 60 * minuteMs,
  disk: { totalBytes: 8e9, freeBytes: 4e9, writable: true },
  memory: { rssBytes: 9e7, freeBytes: 5e8 },
  temperatureC: 45,
  clock: { quality: 'synced', offsetMs: 12, ntp: 'synced' },
  screen: { connected: true, lastFrameAt: instant(now - 1_000) },
  doors: [
    {
      entrance: 'entr_1',
      driver: 'osdp',
      online: true,
      exchanges: 9,
      failed: 0,
    },
  ],
  journal: [{ stream: 'door', rows: 3, bytes: 900, oldestAt: instant(now - minuteMs), lost: 0 }],
  uplink: { reconnects: 0, lastAckAt: null },
  cutOffRuns: 0,
  isLosingRows: false,
  isDocumentRefused: false,
  isUpdateRefused: false,
};
const silentDoor = healthy.doors.map((door) => ({ ...door, online: false }));
const disk = (freeBytes: number) => ({ disk: { totalBytes: 8e9, freeBytes, writable: true } });
const backlog = (ms: number) => ({
  journal: healthy.journal.map((stream) => ({ ...stream, oldestAt: instant(now - ms) })),
});

describe('what is wrong with a terminal', () => {
  it('is nothing on a good day', () => {
    expect(issuesOf(healthy)).toEqual([]);
  });

  const cases: readonly [HealthIssue, Partial<HealthFacts>][] = [
    ['disk-read-only', { disk: { ...healthy.disk, writable: false } }],
    ['disk-full', disk(30e6)],
    ['disk-low', disk(300e6)],
    ['journal-losing-rows', { isLosingRows: true }],
    ['journal-backlog', backlog(61 * minuteMs)],
    ['door-hardware-silent', { doors: silentDoor }],
    ['clock-unknown', { clock: { ...healthy.clock, quality: 'unknown' } }],
    ['clock-unknown', { clock: { ...healthy.clock, quality: 'turned-back' }, uptimeMs: 1 }],
    ['clock-off', { clock: { ...healthy.clock, offsetMs: -40_000 } }],
    ['screen-absent', { screen: { connected: false, lastFrameAt: null } }],
    ['screen-stalled', { screen: { connected: true, lastFrameAt: instant(now - 3 * minuteMs) } }],
    ['too-hot', { temperatureC: 81 }],
    ['memory-high', { memory: { ...healthy.memory, rssBytes: 3e8 } }],
    ['memory-high', { memory: { ...healthy.memory, freeBytes: 2e7 } }],
    ['restarting-often', { cutOffRuns: 3 }],
    ['document-refused', { isDocumentRefused: true }],
    ['update-refused', { isUpdateRefused: true }],
  ];
  it.each(cases)('%s, and nothing else', (issue, change) => {
    expect(issuesOf({ ...healthy, ...change })).toEqual([issue]);
  });

  it('comes worst first', () => {
    const found = issuesOf({ ...healthy, temperatureC: 90, doors: silentDoor, ...disk(30e6) });
    expect(found).toEqual(['disk-full', 'door-hardware-silent', 'too-hot']);
  });

  it('waits for what takes its time after a start', () => {
    const booting = { ...healthy, uptimeMs: 5_000, doors: silentDoor, screen: { connected: false, lastFrameAt: null } };
    expect(issuesOf({ ...booting, clock: { ...healthy.clock, quality: 'unknown' } })).toEqual([]);
  });

  it('is right again only well on the other side of its limit', () => {
    expect(issuesOf({ ...healthy, temperatureC: 78 })).toEqual([]);
    expect(issuesOf({ ...healthy, temperatureC: 78 }, ['too-hot'])).toEqual(['too-hot']);
    expect(issuesOf({ ...healthy, temperatureC: 74 }, ['too-hot'])).toEqual([]);
    expect(issuesOf({ ...healthy, ...disk(600e6) }, ['disk-low'])).toEqual(['disk-low']);
    expect(issuesOf({ ...healthy, ...backlog(30 * minuteMs) }, ['journal-backlog'])).toEqual(['journal-backlog']);
  });

  it('says nothing of ages while the time is not known', () => {
    const clock = { ...healthy.clock, quality: 'turned-back' } as const;
    expect(issuesOf({ ...healthy, clock, ...backlog(99 * minuteMs) })).toEqual(['clock-unknown']);
  });

  it('says nothing of what the machine cannot tell', () => {
    const mute = { disk: { totalBytes: null, freeBytes: null, writable: true }, temperatureC: null };
    expect(issuesOf({ ...healthy, ...mute })).toEqual([]);
  });
});
