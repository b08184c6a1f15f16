import { expect, it } from 'vitest';
import { progressOf } from './command-progress.ts';

it('shows how far a command has come and how long it took', () => {
  const sent = progressOf({ state: 'SENT', times: { QUEUED: 100, SENT: 110 } });
  expect(sent.steps.map((step) => step.reachedAt)).toEqual([100, 110, null, null]);
  expect(sent).toMatchObject({ end: null, isOver: false, tookMs: null });
  const times = { QUEUED: 100, SENT: 110, RECEIVED: 150, EXECUTED: 190 };
  expect(progressOf({ state: 'EXECUTED', times })).toMatchObject({ end: null, isOver: true, tookMs: 90 });
});

it('a command that did not open the door is over', () => {
  expect(progressOf({ state: 'EXPIRED', times: { QUEUED: 1, EXPIRED: 9 } })).toMatchObject({
    end: 'EXPIRED',
    isOver: true,
  });
});
