import { createHmac, randomBytes } from 'node:crypto';
import { instant, invariant, newId, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { Merchants } from '../merchants/service.ts';
import type { Seller } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
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

type WaitingHook = (q: Tx, residentId: string) => Promise<void>;
type PickedUpHook = (q: Tx, pickup: { readonly orderId: string; readonly at: InstantMs }) => Promise<HandedOver>;

export interface Pickups {
  /** Makes the code of an order, in the transaction that makes it ready. */
  issue(
    q: Tx,
    order: { readonly id: string; readonly merchantId: string; readonly storeId: string; readonly residentId: string },
  ): Promise<void>;
  /** When the codes of orders were made: since then they wait. */
  issuedAt(q: Reads, orderIds: readonly string[]): Promise<ReadonlyMap<string, InstantMs>>;
  /** Runs in the transaction in which an order of somebody begins to wait, or is handed over. */
  onWaiting(hook: WaitingHook): void;
  /** Codes by order, for their owner's eyes. */
  codes(q: Reads, orderIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Rejects with `unknown-pickup-code`, `already-picked-up` {pickedUpAt} or `too-many-requests`. The same call again, by its key,
   * is answered like the first.
   */
  verify(who: Seller, code: string, call: Call): Promise<Pickup>;
  /** The slice that sells says what a pick-up does to the order; it may refuse. */
  onPickedUp(hook: PickedUpHook): void;
}

const wrongTexts = {
  'too-many-requests': 'too many wrong codes; wait a minute',
  'already-picked-up': 'this was picked up before',
  'unknown-pickup-code': 'nothing waits for this code here',
} as const;

/** Why nothing was handed over. Caught inside the transaction, so that the wrong try stays counted; not kept for the call's key. */
class WrongCode extends Error {
  override readonly name = 'WrongCode';
  readonly refusal: Error;

  constructor(code: keyof typeof wrongTexts, details: Readonly<Record<string, unknown>> = {}) {
    super(wrongTexts[code]);
    this.refusal = refusal(code, wrongTexts[code], details);
  }
}

/** Where a seller may hand over: the merchant at each store, its staff at their own. */
const counterOf = (who: Seller) => ({
  merchantId: who.merchantId,
  storeId: who.role === 'store-staff' ? who.storeId : undefined,
});

const codeTriesMax = 20;
const codeBytes = 8;

function codeKeys({ signer }: Platform) {
  return {
    /** Per merchant, so that a code says nothing at another one's counter. */
    tagOf: async (q: Reads, merchantId: string, code: string): Promise<string> => {
      const key = await signer.derive(q, 'pickup-code', platformOwner, 'tag');
      return createHmac('sha256', key).update(`${merchantId}|${code}`).digest('base64url');
    },
    boxOf: async (q: Reads): Promise<KeyBox> => keyBox(await signer.derive(q, 'pickup-code', platformOwner, 'seal')),
  };
}

export function createPickups(platform: Platform, merchants: Merchants): Pickups {
  const { store, clock, audit, events } = platform;
  const { tagOf, boxOf } = codeKeys(platform);
  let hook: PickedUpHook | undefined;
  const waitingHooks: WaitingHook[] = [];

  const handOver = async (q: Tx, who: Seller, tag: string): Promise<Pickup | undefined> => {
    const at = clock.now();
    const used = await rows.usePickup(q, counterOf(who), tag, { usedAt: at, usedBy: who.accountId });
    if (!used) return undefined;
    invariant(hook, 'somebody sells what is picked up');
    const { orderId, storeId } = used;
    const handed = await hook(q, { orderId, at });
    const { name: storeName } = await merchants.store(q, storeId);
    await audit(q, { who, action: 'pickup.verify', subject: orderId });
    const { merchantId, residentId, quantity } = handed;
    const facts = { quantity, storeId };
    await events.emit(q, { type: 'pickup', subject: orderId, facts, merchantId, storeId, residentId });
    for (const waits of waitingHooks) await waits(q, residentId);
    return { orderId, storeName, pickedUpAt: at, dealTitle: handed.dealTitle, quantity, buyer: handed.buyer };
  };

  /** Looks and counts in one transaction, so that many tries at once count like one after the other. */
  const attempt = async (q: Tx, who: Seller, tag: string): Promise<Pickup> => {
    const window = instant(attemptWindow(clock.now()));
    if ((await rows.wrongCodes(q, who.merchantId, window)) >= wrongCodesMax) throw new WrongCode('too-many-requests');
    const handed = await handOver(q, who, tag);
    if (handed) return handed;
    const before = await rows.usedPickup(q, who.merchantId, tag);
    if (before) throw new WrongCode('already-picked-up', { pickedUpAt: before.usedAt });
    await rows.countWrongCode(q, who.merchantId, window);
    throw new WrongCode('unknown-pickup-code');
  };

  return {
    onPickedUp: (next) => void (hook = next),
    onWaiting: (next) => void waitingHooks.push(next),
    async issue(q, { id: orderId, merchantId, storeId, residentId }) {
      const box = await boxOf(q);
      for (let tries = 0; tries < codeTriesMax; tries += 1) {
        const code = pickupCodeFrom(randomBytes(codeBytes));
        const tag = await tagOf(q, merchantId, code);
        const sealed = box.seal(orderId, Buffer.from(code));
        const ids = { id: newId('pickup'), orderId, merchantId, storeId };
        const state = { status: 'active' as const, issuedAt: clock.now(), usedAt: null, usedBy: null };
        if (await rows.addPickup(q, { ...ids, ...state, tag, activeTag: tag, sealed })) {
          for (const waits of waitingHooks) await waits(q, residentId);
          return;
        }
        if ((await rows.pickupsOf(q, [orderId])).length > 0) return;
      }
      invariant(false, 'a free code is found among a hundred million');
    },
    issuedAt: rows.issuedAt,
    async codes(q, orderIds) {
      const found = await rows.pickupsOf(q, orderIds);
      if (found.length === 0) return new Map();
      const box = await boxOf(q);
      return new Map(found.map(({ orderId, sealed }) => [orderId, box.open(orderId, sealed).toString()]));
    },
    async verify(who, code, call) {
      const tag = await tagOf(store.read, who.merchantId, code);
      const done = await store.tx((q) =>
        once(q, clock, call, () => attempt(q, who, tag)).catch((error: unknown) => {
          if (error instanceof WrongCode) return error;
          throw error;
        }),
      );
      if (!(done instanceof WrongCode)) return done;
      platform.log.warn({ merchantId: who.merchantId, reason: done.message }, 'a pick-up code was refused');
      throw done.refusal;
    },
  };
}
