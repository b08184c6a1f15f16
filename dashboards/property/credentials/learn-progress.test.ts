import type { CommandRecord } from '@gatecast/cloud-api/client';
import { expect, it } from 'vitest';
import { learnProgressOf } from './learn-progress.ts';

const sent: CommandRecord = {
  id: 'cmd_1',
  terminalId: 'term_1',
  kind: 'learn-card',
  state: 'SENT',
  reason: null,
  times: { QUEUED: 1_000, SENT: 1_010 },
  card: null,
  options: null,
  file: null,
};
const received: CommandRecord = { ...sent, state: 'EXECUTED', times: { ...sent.times, EXECUTED: 2_000 } };

it('waits a minute from the moment the reader listens, and a little for the answer', () => {
  expect(learnProgressOf(sent, 1_500)).toEqual({ state: 'sending' });
  expect(learnProgressOf(received, 3_000)).toEqual({ state: 'waiting', until: 62_000 });
  expect(learnProgressOf(received, 64_999)).toEqual({ state: 'waiting', until: 62_000 });
  expect(learnProgressOf(received, 65_000)).toEqual({ state: 'nothing' });
});

it('a card that came late is a card', () => {
  expect(learnProgressOf({ ...received, card: { format: 'w26', last4: '5678' } }, 90_000)).toEqual({
    state: 'seen',
    last4: '5678',
  });
});

it('an order that never arrived is no card that was not held', () => {
  expect(learnProgressOf({ ...sent, state: 'EXPIRED' }, 12_000)).toEqual({ state: 'not-sent' });
});
