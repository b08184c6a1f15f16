import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood } from '../test-neighbourhood.ts';

let world: TestApp;
let companyId: string;

beforeAll(async () => {
  world = await testApp();
  ({ companyId } = await neighbourhood(world));
}, 60_000);
afterAll(() => world.close());

const found = async (zone: string) => {
  const profile = { families: 300_000, commuters: 500_000, elderly: 200_000 };
  const body = { name: '和雅苑', propertyCompanyId: companyId, zone, households: 800, profile };
  const { status, body: answer } = await world.call('POST', '/v1/communities', { token: world.operator, body });
  return [zone, status, answer.code];
};

it('a community is refused in a zone whose clocks are off the half-hours in which touches are sold, with a word', async () => {
  expect(await found('Asia/Kathmandu')).toEqual(['Asia/Kathmandu', 422, 'zone-off-half-hours']);
  expect(await found('Pacific/Chatham')).toEqual(['Pacific/Chatham', 422, 'zone-off-half-hours']);
  expect(await found('Asia/Nowhere')).toEqual(['Asia/Nowhere', 422, 'unknown-zone']);
  expect(await found('Asia/Kolkata')).toEqual(['Asia/Kolkata', 201, undefined]);
});
