import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood } from '../test-neighbourhood.ts';

let world: TestApp;
beforeAll(async () => {
  world = await testApp();
});
afterAll(() => world.close());

it('whoever reads the table of repeated requests cannot try PINs against it', async () => {
  const here = await neighbourhood(world);
  const people = `/v1/communities/${here.communityId}/residents`;
  const body = { name: '王小明', phone: '13800000009', unit: '1203', building: '1' };
  const made = await world.call('POST', people, { token: here.manager, body });
  const path = `/v1/residents/${made.body.id}/pin`;
  const pin = { pin: '274916' };
  expect((await world.call('PUT', path, { token: here.manager, body: pin, idempotencyKey: 'pin-1' })).status).toBe(200);

  const { read } = world.store;
  const rows = await read.select().from(read.t.idempotency);
  const bare = createHash('sha256')
    .update(`PUT ${path}\n${JSON.stringify(pin)}`)
    .digest('base64url');
  expect(rows).toHaveLength(1);
  expect(rows[0]?.requestHash).not.toBe(bare);
  expect(JSON.stringify(rows)).not.toContain('274916');

  const other = { token: here.manager, body: { pin: '274917' }, idempotencyKey: 'pin-1' };
  expect((await world.call('PUT', path, other)).body.code).toBe('idempotency-key-reused');
});
