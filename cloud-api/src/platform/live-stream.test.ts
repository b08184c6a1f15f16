import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, claimedTerminal, type Neighbourhood } from '../test-neighbourhood.ts';

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
    await page.until(/id: \d+/);
    const rows = follow.mock.results[0]?.value;
    follow.mockRestore();
    await page.close();
    expect(await rows?.next()).toEqual({ done: true, value: undefined });
  });

  it('goes on where a page left off', async () => {
    const first = await connect(here.manager, {}, '?after=0');
    const seen = /id: (\d+)/.exec(await first.until(/id: \d+\n/))?.[1] ?? '';
    await first.close();
    const second = await connect(here.manager, { 'last-event-id': seen });
    const next = /id: (\d+)/.exec(await second.until(/id: \d+\n/))?.[1];
    expect(Number(next)).toBeGreaterThan(Number(seen));
    await second.close();
  });

  it('refuses a place that is none', async () => {
    const answer = await world.call('GET', '/v1/events', { token: here.manager, headers: { 'last-event-id': 'x' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });
});
