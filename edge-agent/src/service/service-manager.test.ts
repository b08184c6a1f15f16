import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serviceManager } from './service-manager.ts';

describe('what systemd hears', () => {
  const said: string[][] = [];
  const faults: unknown[] = [];
  const manager = (
    env: Record<string, string>,
    notify = async (facts: readonly string[]) => void said.push([...facts]),
  ) => serviceManager({ env, notify, onFault: (fault) => faults.push(fault) });

  beforeEach(() => {
    vi.useFakeTimers();
    said.length = 0;
    faults.length = 0;
  });
  afterEach(() => vi.useRealTimers());

  it('is readiness, with a status, and the end', async () => {
    const service = manager({ NOTIFY_SOCKET: '/run/systemd/notify' });
    await service.ready('terminal term_1');
    await service.stopping();
    expect(said).toEqual([['READY=1', 'STATUS=terminal term_1'], ['STOPPING=1']]);
  });

  it('is that all is well, twice within the watchdog’s time, for as long as it is', async () => {
    const service = manager({ NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '60000000' });
    let isWell = true;
    service.watch(async () => isWell);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said).toEqual([['WATCHDOG=1'], ['WATCHDOG=1']]);
    isWell = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said).toHaveLength(2);
  });

  it('is nothing where there is no systemd', async () => {
    const service = manager({ WATCHDOG_USEC: '1000' });
    await service.ready('up');
    service.watch(async () => true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said).toEqual([]);
  });

  it('costs nothing but a line in the log when it cannot be said', async () => {
    const service = manager({ NOTIFY_SOCKET: '/nowhere' }, () => Promise.reject(new Error('no systemd-notify')));
    await service.ready('up');
    expect(faults).toHaveLength(1);
  });
});
