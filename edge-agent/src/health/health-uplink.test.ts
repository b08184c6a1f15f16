import { DomainError, manualClock, newId } from '@gatecast/firmware-protocol';
import { healthEveryMs, healthReport, type HealthIssue, type HealthReport } from '@gatecast/firmware-protocol/messages';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HealthUplink } from './health-uplink.ts';

const terminal = newId('terminal');

describe('what the cloud hears of a terminal’s health', () => {
  const clock = manualClock();
  let issues: HealthIssue[];
  let sent: HealthReport[];
  let answer: () => Promise<void>;
  let uplink: HealthUplink;

  let looks: number;
  const look = async (): Promise<Omit<HealthReport, 'v' | 'terminal'>> => ({
    at: clock.now(),
    agentVersion: '0.1.0',
    boot: 'AAAA',
    uptimeMs: 1,
    disk: { totalBytes: null, freeBytes: null, writable: true },
    memory: { rssBytes: 1, freeBytes: 1 },
    temperatureC: null,
    clock: { quality: 'synced', offsetMs: null, ntp: 'unknown' },
    screen: { connected: true, lastFrameAt: null },
    doors: [],
    journal: [],
    uplink: { reconnects: 0, lastAckAt: null },
    issues: (looks += 1) > 0 ? issues : [],
  });
  const isLookedAtAgain = async () => {
    const before = looks;
    await vi.waitFor(() => expect(looks).toBeGreaterThan(before + 1));
  };
  beforeEach(() => {
    issues = [];
    looks = 0;
    sent = [];
    answer = async () => {};
    uplink = new HealthUplink({
      claim: { terminal },
      monitor: { look },
      send: async (report) => {
        sent.push(report);
        await answer();
      },
      clock,
      log: pino({ level: 'silent' }),
      lookEveryMs: 1,
    });
  });
  afterEach(() => uplink.stop());

  it('is a whole report at the start, and again every five minutes', async () => {
    uplink.start();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(healthReport.parse(sent[0])).toMatchObject({ terminal, issues: [] });
    clock.advance(healthEveryMs - 1);
    await isLookedAtAgain();
    expect(sent).toHaveLength(1);
    clock.advance(1);
    await vi.waitFor(() => expect(sent).toHaveLength(2));
  });

  it('is told at once when the cloud can be reached again', async () => {
    uplink.start();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    uplink.wake();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
  });

  it('is told again when something goes wrong, and when it is right again', async () => {
    uplink.start();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    issues = ['too-hot'];
    await vi.waitFor(() => expect(sent.at(-1)?.issues).toEqual(['too-hot']));
    issues = [];
    await vi.waitFor(() => expect(sent.at(-1)?.issues).toEqual([]));
  });

  it('is not told again and again to a cloud that does not know of it', async () => {
    answer = () => Promise.reject(new DomainError('not-found', 'no such route', { status: 404 }));
    uplink.start();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    await isLookedAtAgain();
    expect(sent).toHaveLength(1);
  });
});
