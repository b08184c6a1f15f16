import { instant, type DurationMs, type InstantMs } from '@gatecast/firmware-protocol';
import { expect, vi } from 'vitest';
import { type StoreUnderTest } from '../platform/db/test-stores.ts';
import { operatorLogin, testApp, type Answer, type TestApp } from '../test-app.ts';
import { merchantAt, upload, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { type Category } from './categories.ts';
import { mp4File } from './mp4.fixture.ts';

/** Enough of a picture to be taken for one. */
export const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

/** What the tests of one database share: an app without a converter, where files that conform come before the reviewers at once. */
export interface Desk {
  readonly world: TestApp;
  readonly here: Neighbourhood;
  readonly merchant: TestMerchant;
  readonly operate: (path: string, body?: unknown) => Promise<Answer>;
  clip(id: string, token?: string): Promise<Answer['body']>;
  handIn(query?: Record<string, string>, token?: string, bytes?: Uint8Array): Promise<string>;
  permit(category: Category, validTo: InstantMs, scan?: Buffer): Promise<Answer>;
  steps(id: string): Promise<readonly { step: string; [fact: string]: unknown }[]>;
  /** Lets so much time pass that sessions may end, and signs the operator in again. */
  pass(ms: DurationMs): Promise<void>;
}

export async function openDesk(its: StoreUnderTest, env: Record<string, string> = {}): Promise<Desk> {
  const world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none', ...env } });
  const here = await neighbourhood(world);
  const merchant = await merchantAt(world, here);
  let operator = world.operator;
  const clip = async (id: string, token = operator) => (await world.call('GET', `/v1/clips/${id}`, { token })).body;
  return {
    world,
    here,
    merchant,
    clip,
    operate: (path, body) => world.call('POST', path, { token: operator, body }),
    async handIn(query = { title: '当季草莓', category: 'food' }, token = merchant.token, bytes = newVideo()) {
      const { id } = (await upload(world, token, bytes, query)).body;
      await vi.waitFor(async () => expect(await clip(id)).toMatchObject({ status: 'in-review' }), 10_000);
      return id;
    },
    async permit(category, validTo, scan = png) {
      const query = new URLSearchParams({ category, number: 'SP-2026-1', validFrom: '1', validTo: String(validTo) });
      const headers = { authorization: `Bearer ${merchant.token}` };
      const url = `http://gatecast.test/v1/permits?${query.toString()}`;
      const answer = await world.app.fetch(
        new Request(url, { method: 'POST', headers, body: new Blob([new Uint8Array(scan)]) }),
      );
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    },
    steps: async (id) => (await world.call('GET', `/v1/clips/${id}/reviews`, { token: operator })).body.items,
    async pass(ms) {
      world.clock.advance(ms);
      operator = await world.signIn(operatorLogin.email, operatorLogin.password);
    },
  };
}

let videos = 0;
/** A video that no other test has. */
export const newVideo = () => mp4File({ durationMs: 3_000 + 40 * (videos += 1) });
export const later = (world: TestApp, by: number) => instant(world.clock.now() + by);
