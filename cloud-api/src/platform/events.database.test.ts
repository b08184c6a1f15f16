import { instant, manualClock } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import type { Account } from './auth.ts';
import { describeStores } from './db/test-stores.ts';
import { createEvents, eventsKeptMs, type NewEvent } from './events.ts';
import type { LiveEvent } from './live-events.ts';
import { silentLog } from './log.ts';

const account = { kind: 'account', accountId: 'acct', sessionId: 'sess', scopes: null } as const;
const operator: Account = { ...account, role: 'operator' };
const manager: Account = { ...account, role: 'property', companyId: 'prop_1' };

describeStores('live events', (its) => {
  const clock = manualClock(instant(1_770_000_000_000));
  const make = () => createEvents(its.store, clock, silentLog());
  const emit = (events: ReturnType<typeof make>, ...all: NewEvent[]) => its.store.tx((q) => events.emit(q, ...all));

  const take = async (stream: AsyncGenerator<LiveEvent>, count: number): Promise<LiveEvent[]> => {
    const taken: LiveEvent[] = [];
    while (taken.length < count) {
      const { value, done } = await stream.next();
      if (done) break;
      taken.push(value);
    }
    return taken;
  };

  it('reach those whom they name, in order, as they happen', async () => {
    const events = make();
    await events.start();
    const ended = new AbortController();
    const stream = events.follow(manager, undefined, ended.signal);
    const coming = take(stream, 2);
    await emit(events, { type: 'access', subject: 'term_1', companyId: 'prop_1', facts: { n: 1 } });
    await emit(events, { type: 'access', subject: 'term_2', companyId: 'prop_2' });
    await emit(events, { type: 'access', subject: 'term_3', companyId: 'prop_1' });
    expect((await coming).map(({ subject }) => subject)).toEqual(['term_1', 'term_3']);
    ended.abort();
    expect(await take(stream, 1)).toEqual([]);
    events.stop();
  });

  it('go on after the row that a page saw last', async () => {
    const events = make();
    await emit(events, { type: 'play', subject: 'a' }, { type: 'play', subject: 'b' }, { type: 'play', subject: 'c' });
    const all = await take(events.follow(operator, 0, AbortSignal.timeout(10_000)), 6);
    const b = all.find(({ subject }) => subject === 'b');
    const rest = await take(events.follow(operator, b?.id, AbortSignal.timeout(10_000)), 1);
    expect(rest.map(({ subject }) => subject)).toEqual(['c']);
  });

  it('of an opening under threat reach the company that it names, and not the operator', async () => {
    const events = make();
    const duress = { type: 'duress', subject: 'term_9', companyId: 'prop_1' } as const;
    await emit(events, duress, { ...duress, companyId: 'prop_2' }, { ...duress, type: 'alarm', subject: 'term_8' });
    const theirs = await take(events.follow(operator, 0, AbortSignal.timeout(10_000)), 7);
    expect(theirs.filter(({ type }) => type === 'duress')).toEqual([]);
    expect(theirs.at(-1)?.subject).toBe('term_8');
    const own = await take(events.follow(manager, 0, AbortSignal.timeout(10_000)), 4);
    expect(own.filter(({ subject }) => subject === 'term_9')).toMatchObject([{ type: 'duress' }]);
  });

  it('are seen by another process on the same database', async () => {
    const [here, there] = [make(), make()];
    await there.start();
    const coming = take(there.follow(operator, undefined, AbortSignal.timeout(10_000)), 1);
    await emit(here, { type: 'order', subject: 'ordr_1' });
    expect((await coming)[0]?.subject).toBe('ordr_1');
    there.stop();
  });

  it('end with the program, so that it can stop', async () => {
    const events = make();
    await events.start();
    const coming = take(events.follow(operator, undefined, AbortSignal.timeout(60_000)), 1);
    events.stop();
    expect(await coming).toEqual([]);
  });

  it('are forgotten after a day', async () => {
    const events = make();
    clock.set(instant(clock.now() + eventsKeptMs + 1));
    await emit(events, { type: 'play', subject: 'fresh' });
    await events.prune();
    const { events: t } = its.store.read.t;
    expect((await its.store.read.select().from(t)).map(({ subject }) => subject)).toEqual(['fresh']);
  });
});
