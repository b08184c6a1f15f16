import { createHmac, randomBytes } from 'node:crypto';
import { instant, invariant, newId, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { keyBox, type KeyBox } from '../platform/keys/key-box.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Pickup } from './contract.ts';
import { attemptWindow, pickupCodeFrom, wrongCodesMax } from './rules.ts';
import * as rows from './store.ts';

/** What was handed over, as the slice that sold it tells. */
interface HandedOver {
  readonly dealTitle: string;
  readonly quantity: number;
  readonly buyer: string;
  readonly merchantId: string;
  readonly residentId: string;
  readonly totalFen: Fen;
}

type PickedUpHook = (q: Tx, pickup: { readonly orderId: string; readonly at: InstantMs }) => Promise<HandedOver>;

export interface Pickups {
  /** Makes the code of an order, in the transaction that makes it ready. */
  issue(q: Tx, order: { readonly id: string; readonly merchantId: string; readonly storeId: string }): Promise<void>;
  /** Codes by order, for their owner's eyes. */
  codes(q: Reads, orderIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Rejects with `unknown-pickup-code`, `already-picked-up` {pickedUpAt} or `too-many-requests`. */
  verify(who: As<'merchant'>, code: string): Promise<Pickup>;
  /** The slice that sells says what a pick-up does to the order; it may refuse. */
  onPickedUp(hook: PickedUpHook): void;
}

const codeTriesMax = 20;
const codeBytes = 8;

export function createPickups(platform: Platform, merchants: Merchants): Pickups {
  const { store, clock, signer, audit, events } = platform;
  let hook: PickedUpHook | undefined;

  /** Per merchant, so that a code says nothing at another one's counter. */
  const tagOf = async (q: Reads, merchantId: string, code: string): Promise<string> => {
    const key = await signer.derive(q, 'pickup-code', platformOwner, 'tag');
    return createHmac('sha256', key).update(`${merchantId}|${code}`).digest('base64url');
  };
  const boxOf = async (q: Reads): Promise<KeyBox> =>
    keyBox(await signer.derive(q, 'pickup-code', platformOwner, 'seal'));

  const handOver = async (q: Tx, who: As<'merchant'>, tag: string): Promise<Pickup | undefined> => {
    const at = clock.now();
    const used = await rows.usePickup(q, who.merchantId, tag, { usedAt: at, usedBy: who.accountId });
    if (!used) return undefined;
    invariant(hook, 'somebody sells what is picked up');
    const { orderId, storeId } = used;
    const handed = await hook(q, { orderId, at });
    const { name: storeName } = await merchants.store(q, storeId);
    await audit(q, { who, action: 'pickup.verify', subject: orderId });
    const { merchantId, residentId, quantity } = handed;
    await events.emit(q, { type: 'pickup', subject: orderId, facts: { quantity, storeId }, merchantId, residentId });
    return { orderId, storeName, pickedUpAt: at, dealTitle: handed.dealTitle, quantity, buyer: handed.buyer };
  };

  const refuse = async (who: As<'merchant'>, tag: string, window: InstantMs): Promise<never> => {
    const before = await rows.usedPickup(store.read, who.merchantId, tag);
    if (before) throw refusal('already-picked-up', 'this was picked up before', { pickedUpAt: before.usedAt });
    await store.tx((q) => rows.countWrongCode(q, who.merchantId, window));
    platform.log.warn({ merchantId: who.merchantId }, 'a wrong pick-up code');
    throw refusal('unknown-pickup-code', 'nothing waits for this code here');
  };

  return {
    onPickedUp: (next) => void (hook = next),
    async issue(q, { id: orderId, merchantId, storeId }) {
      const box = await boxOf(q);
      for (let tries = 0; tries < codeTriesMax; tries += 1) {
        const code = pickupCodeFrom(randomBytes(codeBytes));
        const tag = await tagOf(q, merchantId, code);
        const sealed = box.seal(orderId, Buffer.from(code));
        const ids = { id: newId('pickup'), orderId, merchantId, storeId };
        const state = { status: 'active' as const, issuedAt: clock.now(), usedAt: null, usedBy: null };
        if (await rows.addPickup(q, { ...ids, ...state, tag, activeTag: tag, sealed })) return;
        if ((await rows.pickupsOf(q, [orderId])).length > 0) return;
      }
      invariant(false, 'a free code is found among a hundred million');
    },
    async codes(q, orderIds) {
      const found = await rows.pickupsOf(q, orderIds);
      if (found.length === 0) return new Map();
      const box = await boxOf(q);
      return new Map(found.map(({ orderId, sealed }) => [orderId, box.open(orderId, sealed).toString()]));
    },
    async verify(who, code) {
      const window = instant(attemptWindow(clock.now()));
      if ((await rows.wrongCodes(store.read, who.merchantId, window)) >= wrongCodesMax) {
        throw refusal('too-many-requests', 'too many wrong codes; wait a minute');
      }
      const tag = await tagOf(store.read, who.merchantId, code);
      return (await store.tx((q) => handOver(q, who, tag))) ?? refuse(who, tag, window);
    },
  };
}
