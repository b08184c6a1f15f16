import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { careFor } from './care.ts';

const minute = 60_000;
let reload: ReturnType<typeof vi.fn<() => void>>;
let agent: ReturnType<typeof vi.fn<() => Promise<{ ok: boolean }>>>;
let stage: {
  isDue: boolean;
  isTouch: boolean;
  presentedAtMs: number | null;
  faults: number;
  close: ReturnType<typeof vi.fn<() => void>>;
};

beforeEach(() => {
  vi.useFakeTimers();
  reload = vi.fn<() => void>();
  agent = vi.fn<() => Promise<{ ok: boolean }>>().mockResolvedValue({ ok: true });
  stage = { isDue: true, isTouch: false, presentedAtMs: null, faults: 0, close: vi.fn<() => void>() };
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('location', { reload, href: 'http://127.0.0.1/?token=t' });
  vi.stubGlobal('fetch', agent);
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('addEventListener', () => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Frames come, one in each look. */
async function playFor(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 2_500) {
    stage.presentedAtMs = performance.now();
    await vi.advanceTimersByTimeAsync(2_500);
  }
}

it('a page that shows clips is left alone', async () => {
  careFor(stage);
  await playFor(60 * minute);
  expect(reload).not.toHaveBeenCalled();
});

it('a page that should show something and stays dark tells what it showed and begins anew', async () => {
  careFor(stage);
  await playFor(minute);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(12_000);
  expect(reload).toHaveBeenCalledOnce();
  expect(stage.close).toHaveBeenCalledBefore(reload);
});

it('one that has nothing to show, or that nobody sees, is not dark', async () => {
  careFor(stage);
  stage.isDue = false;
  await vi.advanceTimersByTimeAsync(10 * minute);
  stage.isDue = true;
  vi.stubGlobal('document', { hidden: true });
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(reload).not.toHaveBeenCalled();
});

it('begins anew after clip upon clip has failed, once nobody is at the door', async () => {
  careFor(stage);
  stage.faults = 20;
  stage.isTouch = true;
  await playFor(minute);
  expect(reload).not.toHaveBeenCalled();
  stage.isTouch = false;
  await playFor(5_000);
  expect(reload).toHaveBeenCalledOnce();
});

it('begins anew when the agent serves another build, and once a day', async () => {
  const care = careFor(stage);
  care.servedBy('build-a');
  await playFor(minute);
  care.servedBy('build-a');
  await playFor(minute);
  expect(reload).not.toHaveBeenCalled();
  care.servedBy('build-b');
  await playFor(5_000);
  expect(reload).toHaveBeenCalledOnce();
  care.servedBy('build-a');
  await playFor(25 * 60 * minute);
  expect(reload.mock.calls.length).toBeGreaterThan(1);
});

it('stays while the agent is away, and begins anew once it is back', async () => {
  careFor(stage);
  stage.faults = 20;
  agent.mockRejectedValue(new TypeError('refused'));
  await playFor(minute);
  agent.mockResolvedValue({ ok: false });
  await playFor(minute);
  expect(reload).not.toHaveBeenCalled();
  agent.mockResolvedValue({ ok: true });
  await playFor(5_000);
  expect(reload).toHaveBeenCalledOnce();
});

it('stays for whoever has come to the door meanwhile', async () => {
  careFor(stage);
  stage.faults = 20;
  agent.mockImplementation(async () => {
    stage.isTouch = true;
    return { ok: true };
  });
  await playFor(minute);
  expect([agent.mock.calls.length, reload.mock.calls.length]).toEqual([1, 0]);
});
