import { allow, ownRows } from '../platform/auth.ts';
import type { Platform } from '../platform/platform.ts';
import { pickup, verifyPickup } from './contract.ts';
import type { Pickups } from './service.ts';

export function pickupRoutes({ api }: Platform, pickups: Pickups): void {
  api.route(
    {
      method: 'post',
      path: '/v1/pickups/verify',
      tag: 'fulfilment',
      summary: 'Hand an order over: a code works once',
      right: allow(['merchant', 'store-staff'], ownRows),
      body: verifyPickup,
      reply: pickup,
      status: 200,
    },
    ({ who, body, call }) => pickups.verify(who, body.code, call),
  );
}
