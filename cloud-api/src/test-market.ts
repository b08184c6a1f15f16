import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, days, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { vi } from 'vitest';
import { findFfmpeg } from './content/find-ffmpeg.ts';
import { goodSignature, type MemoryProvider } from './settlement/payments/memory-provider.fixture.ts';
import type { Answer, TestApp } from './test-app.ts';
import type { Neighbourhood } from './test-neighbourhood.ts';

const run = promisify(execFile);

export interface TestMerchant {
  readonly id: string;
  readonly token: string;
  readonly storeId: string;
}

/** A merchant with one store in the community, signed in. */
export async function merchantAt(world: TestApp, here: Neighbourhood, name = '好邻居水果店'): Promise<TestMerchant> {
  const login = { email: `${randomBytes(6).toString('hex')}@store.test`, password: 'long-enough-password' };
  const body = {
    name,
    owner: { ...login, name: '店主' },
    store: { name: `${name}（东门）`, address: '东门 12 号', communityId: here.communityId, hours: '09:00–21:00' },
  };
  const made = await world.call('POST', '/v1/merchants', { token: world.operator, body });
  const token = await world.signIn(login.email, login.password);
  return { id: made.body.id, storeId: made.body.stores[0].id, token };
}

export interface TestResident {
  readonly id: string;
  readonly token: string;
}

/** A resident of the community with a session. The session is made by hand: texting is another test's matter. */
export async function residentAt(world: TestApp, here: Neighbourhood, name: string): Promise<TestResident> {
  const phone = `13${String(randomInt(1_000_000_000)).padStart(9, '0')}`;
  const made = await world.call('POST', `/v1/communities/${here.communityId}/residents`, {
    token: here.manager,
    body: { name, phone, unit: String(randomInt(100, 99_999)), building: '1' },
  });
  return { id: made.body.id, token: await sessionOf(world, made.body.id) };
}

/** A session of the resident's account, made by hand: texting is another test's matter. */
export async function sessionOf(world: TestApp, residentId: string): Promise<string> {
  const token = `gcs_${randomBytes(32).toString('base64url')}`;
  await world.store.tx(async (q) => {
    const [account] = await q.select().from(q.t.accounts).where(eq(q.t.accounts.residentId, residentId));
    await q.insert(q.t.sessions).values({
      id: newId('session'),
      tokenHash: createHash('sha256').update(token).digest('base64url'),
      accountId: account?.id ?? '',
      createdAt: world.clock.now(),
      expiresAt: after(world.clock.now(), days(30)),
    });
  });
  return token;
}

type Picture = 'testsrc' | 'smptebars';
const videos = new Map<Picture, Promise<Buffer>>();

/** A second of real H.264 in MP4, made once. */
export function shortVideo(picture: Picture = 'testsrc'): Promise<Buffer> {
  const video = videos.get(picture) ?? makeVideo(picture);
  videos.set(picture, video);
  return video;
}

async function makeVideo(picture: Picture): Promise<Buffer> {
  const ffmpeg = await findFfmpeg({});
  if (ffmpeg.path === null) throw new Error('these tests need an ffmpeg');
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-video-'));
  const out = join(folder, 'short.mp4');
  const input = ['-f', 'lavfi', '-i', `${picture}=size=360x640:rate=25:duration=1.2`];
  await run(ffmpeg.path, [
    '-v',
    'error',
    ...input,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    out,
  ]);
  const bytes = readFileSync(out);
  rmSync(folder, { recursive: true });
  return bytes;
}

/** Uploads bytes as a clip. */
export async function upload(
  world: TestApp,
  token: string,
  bytes: Uint8Array,
  query: Readonly<Record<string, string>> = { title: '当季草莓' },
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  const request = new Request(`http://gatecast.test/v1/clips?${search}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'video/mp4', ...headers },
    body: new Blob([new Uint8Array(bytes)]),
  });
  const answer = await world.app.fetch(request);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

/** A clip of the owner of `token`, converted and approved. */
export async function approvedClip(
  world: TestApp,
  token: string,
  query?: Readonly<Record<string, string>>,
  picture?: Picture,
): Promise<string> {
  const id: string = (await upload(world, token, await shortVideo(picture), query)).body.id;
  await vi.waitFor(
    async () => {
      const clip = await world.call('GET', `/v1/clips/${id}`, { token });
      if (clip.body.status !== 'in-review') throw new Error(`the clip is ${clip.body.status}: ${clip.body.reason}`);
    },
    { timeout: 15_000, interval: 20 },
  );
  await world.call('POST', `/v1/clips/${id}/approve`, { token: world.operator });
  return id;
}

/** A campaign of the merchant with an approved clip. */
export async function campaignOf(
  world: TestApp,
  merchant: TestMerchant,
  dealId: string | null = null,
): Promise<string> {
  const clipId = await approvedClip(world, merchant.token);
  const made = await world.call('POST', '/v1/campaigns', {
    token: merchant.token,
    body: { name: '草莓季', clipId, dealId },
  });
  return made.body.id;
}

/** A running deal of the merchant's store. */
export async function dealOf(
  world: TestApp,
  merchant: TestMerchant,
  over: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = world.clock.now();
  const terms = {
    storeId: merchant.storeId,
    title: '丹东草莓 2 斤',
    description: '',
    singlePriceFen: 5_990,
    groupPriceFen: 3_990,
    groupSize: 2,
    groupHours: 24,
    stock: 10,
    perPersonMax: 2,
    opensAt: now,
    closesAt: now + days(3),
    ...over,
  };
  const made = await world.call('POST', '/v1/deals', { token: merchant.token, body: terms });
  if (made.status !== 201) throw new Error(`no deal: ${made.body.code}`);
  return made.body.id;
}

/** The provider's callback, as the provider sends it. */
export const notify = (world: TestApp, body: string, headers: Readonly<Record<string, string>> = goodSignature) =>
  world.call('POST', '/v1/pay/notify/sandbox', { body, headers });

/** Pays what an answer's `payUrl` asks for. */
export async function pay(world: TestApp, provider: MemoryProvider, asked: Answer): Promise<Answer> {
  const outTradeNo = String(asked.body.payUrl).split('/').at(-1) ?? '';
  return notify(world, provider.pay(outTradeNo));
}
