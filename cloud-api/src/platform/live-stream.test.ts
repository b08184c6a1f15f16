import { seconds } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, claimedTerminal, type Neighbourhood } from '../test-neighbourhood.ts';
import { invited } from '../test-people.ts';

describe('the stream of live events', () => {
  let world: TestApp;
  let here: Neighbourhood;
  let elsewhere: Neighbourhood;
  beforeAll(async () => {
    world = await testApp();
    here = await neighbourhood(world);
    elsewhere = await neighbourhood(world);
  });
  afterAll(() => world.close());

  const connect = async (token: string, headers: Record<string, string> = {}, query = '') => {
    const request = new Request(`http://gatecast.test/v1/events${query}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    const answer = await world.app.fetch(request);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return {
      async until(pattern: RegExp): Promise<string> {
        while (!pattern.test(text)) {
          const { value, done } = (await reader?.read()) ?? { done: true };
          if (done) break;
          text += value;
        }
        return text;
      },
      close: () => reader?.cancel(),
    };
  };

  /** Something happens at the doors of one of the company's communities. */
  const tell = (communityId: string, subject = 'a terminal') =>
    world.store.tx((q) =>
      world.app.platform.events.emit(q, { type: 'terminal-offline', subject, companyId: here.companyId, communityId }),
    );

  it('shows a manager what happens at home, as it happens, and nothing of others', async () => {
    const stream = await connect(here.manager);
    await stream.until(/: connected/);
    const foreign = await claimedTerminal(world, elsewhere);
    const own = await claimedTerminal(world, here);
    const text = await stream.until(/document-published/);
    expect(text).toContain(own.id);
    expect(text).not.toContain(foreign.id);
    await stream.close();
  });

  it('is forgotten when a page leaves without having read what waits for it', async () => {
    await claimedTerminal(world, await neighbourhood(world));
    const follow = vi.spyOn(world.app.platform.events, 'follow');
    const page = await connect(world.operator, {}, '?after=0');
    await page.until(/id: \d+\nevent/);
    const rows = follow.mock.results[0]?.value;
    follow.mockRestore();
    await page.close();
    expect(await rows?.next()).toEqual({ done: true, value: undefined });
  });

  it('tells at once from where to go on, so that a page that loses it before the first event misses nothing', async () => {
    const first = await connect(here.manager);
    const from = /^id: (\d+)$/m.exec(await first.until(/: connected/))?.[1] ?? '';
    await first.close();
    await tell(here.communityId, 'between the two');
    const second = await connect(here.manager, { 'last-event-id': from });
    expect(await second.until(/terminal-offline/)).toContain('between the two');
    await second.close();
  });

  it('goes on where a page left off', async () => {
    const first = await connect(here.manager, {}, '?after=0');
    const seen = /id: (\d+)\nevent/.exec(await first.until(/id: \d+\nevent/))?.[1] ?? '';
    await first.close();
    const second = await connect(here.manager, { 'last-event-id': seen });
    const next = /id: (\d+)\nevent/.exec(await second.until(/id: \d+\nevent/))?.[1];
    expect(Number(next)).toBeGreaterThan(Number(seen));
    await second.close();
  });

  it('ends with the session that opened it, before it shows anything more', async () => {
    const guard = await invited(world, here.manager, { role: 'guard' });
    const stream = await connect(guard.token);
    await stream.until(/: connected/);
    await world.call('PATCH', `/v1/team/${guard.id}`, { token: here.manager, body: { state: 'suspended' } });
    world.clock.advance(seconds(1));
    await tell(here.communityId);
    expect(await stream.until(/terminal-offline/)).not.toContain('terminal-offline');
  });

  it('shows a guard the doors of the communities that they keep, and no more', async () => {
    const body = { name: 'Maple Court', zone: 'Asia/Shanghai', propertyCompanyId: here.companyId, households: 10 };
    const profile = { families: 0, commuters: 0, elderly: 0 };
    const made = await world.call('POST', '/v1/communities', { token: world.operator, body: { ...body, profile } });
    const guard = await invited(world, here.manager, { role: 'guard', communityIds: [here.communityId] });
    const stream = await connect(guard.token);
    await stream.until(/: connected/);
    await tell(made.body.id, 'somewhere else');
    await claimedTerminal(world, here);
    await tell(here.communityId, 'at my gate');
    const text = await stream.until(/at my gate/);
    expect(text).not.toContain('somewhere else');
    expect(text).not.toContain('document-published');
    await stream.close();
  });

  it('refuses a place that is none', async () => {
    const answer = await world.call('GET', '/v1/events', { token: here.manager, headers: { 'last-event-id': 'x' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });
});
