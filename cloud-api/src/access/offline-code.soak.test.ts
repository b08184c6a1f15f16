import { randomInt } from 'node:crypto';
import { instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import {
  decodePassCode,
  hourOf,
  passCodeNo,
  passEpoch,
  passHours,
  passWindowMs,
} from '@gatecast/firmware-protocol/pass';
import { expect, it } from 'vitest';
import { testApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood } from '../test-neighbourhood.ts';
import { freeOfflineCode } from './offline-code.ts';
import { createPassKeys } from './pass-keys.ts';
import { codePrfAt, publishedList } from './published-list.fixture.ts';

it('ten thousand codes of one community are read by its terminals as the windows that they were made for', async () => {
  const world = await testApp();
  const here = await neighbourhood(world);
  const terminal = await claimedTerminal(world, here);
  const published = await publishedList(world, terminal);
  const keys = createPassKeys(world.app.platform);
  const parts = { signer: world.app.platform.signer, keys };
  const hour = hourOf(world.clock.now());
  const issued = new Map<string, { codeNo: number; at: InstantMs }>();

  while (issued.size < 10_000) {
    await world.store.tx(async (q) => {
      for (let n = 0; n < 500; n += 1) {
        const place = { startHour: hour + randomInt(24 * 7 * 4), durationClass: randomInt(passHours.length) };
        const uses = n % 2 === 0 ? null : 1;
        const made = await freeOfflineCode(q, parts, {
          communityId: here.communityId,
          window: place,
          uses,
          now: world.clock.now(),
        });
        if (!made) continue;
        const { code, ...stored } = made;
        const { from, to } = passWindowMs({ ...place, index: 0 });
        const row = {
          id: newId('credential'),
          communityId: here.communityId,
          kind: 'code',
          person: 'visitor',
          label: '',
        } as const;
        await q
          .insert(q.t.credentials)
          .values({ ...row, ...stored, uses, epoch: 1, to: instant(to), createdAt: instant(from) });
        issued.set(code, { codeNo: made.codeNo, at: instant(from + randomInt(to - from)) });
      }
    });
  }
  // Two weeks' keys are tried, as the terminal does; among codes of other weeks a wrong window turns up by chance once in a million.
  const epochs = (published.passes?.codeKeys ?? []).map(({ epoch }) => epoch);
  const prfs = new Map(epochs.map((epoch) => [epoch, codePrfAt(terminal, published, epoch)]));
  const readAt = (code: string, at: InstantMs) =>
    [passEpoch(hourOf(at)), passEpoch(hourOf(at)) - 1].flatMap((epoch) => {
      const prf = prfs.get(epoch);
      const read = prf && decodePassCode(code, hourOf(at), prf);
      if (!read || passEpoch(read.startHour) !== epoch) return [];
      const span = passWindowMs(read);
      return at >= span.from && at < span.to ? [passCodeNo(read)] : [];
    });
  for (const [code, { codeNo, at }] of issued) expect(readAt(code, at)).toContain(codeNo);
  await world.close();
}, 300_000);
