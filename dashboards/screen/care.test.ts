import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { careFor } from './care.ts';

const minute = 60_000;
let reload: ReturnType<typeof vi.fn<() => void>>;
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
  stage = { isDue: true, isTouch: false, presentedAtMs: null, faults: 0, close: vi.fn<() => void>() };
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('addEventListener', () => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Frames come, one in each look. */
function playFor(ms: number): void {
  for (let at = 0; at < ms; at += 2_500) {
    stage.presentedAtMs = performance.now();
    vi.advanceTimersByTime(2_500);
  }
}

it('a page that shows clips is left alone', () => {
  careFor(stage);
  playFor(60 * minute);
  expect(reload).not.toHaveBeenCalled();
});

it('a page that should show something and stays dark tells what it showed and begins anew', () => {
  careFor(stage);
  playFor(minute);
  vi.advanceTimersByTime(59_000);
  expect(reload).not.toHaveBeenCalled();
  vi.advanceTimersByTime(12_000);
  expect(reload).toHaveBeenCalledOnce();
  expect(stage.close).toHaveBeenCalledBefore(reload);
});

it('one that has nothing to show, or that nobody sees, is not dark', () => {
  careFor(stage);
  stage.isDue = false;
  vi.advanceTimersByTime(10 * minute);
  stage.isDue = true;
  vi.stubGlobal('document', { hidden: true });
  vi.advanceTimersByTime(10 * minute);
  expect(reload).not.toHaveBeenCalled();
});

it('begins anew after clip upon clip has failed, once nobody is at the door', () => {
  careFor(stage);
  stage.faults = 20;
  stage.isTouch = true;
  playFor(minute);
  expect(reload).not.toHaveBeenCalled();
  stage.isTouch = false;
  playFor(5_000);
  expect(reload).toHaveBeenCalledOnce();
});

it('begins anew when the agent serves another build, and once a day', () => {
  const care = careFor(stage);
  care.servedBy('build-a');
  playFor(minute);
  care.servedBy('build-a');
  playFor(minute);
  expect(reload).not.toHaveBeenCalled();
  care.servedBy('build-b');
  playFor(5_000);
  expect(reload).toHaveBeenCalledOnce();
  care.servedBy('build-a');
  playFor(25 * 60 * minute);
  expect(reload.mock.calls.length).toBeGreaterThan(1);
});
