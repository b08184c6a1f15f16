import { createPublicKey } from 'node:crypto';
import type { Clock } from '@gatecast/firmware-protocol';
import type { MerchantKey } from './merchant-key.ts';
import { certificate } from './sandbox-messages.ts';
import { ProviderRefusal, signedCall, type ProviderKey } from './signed-http.ts';

export interface SandboxParts {
  readonly url: string;
  readonly clock: Clock;
  readonly key: () => Promise<MerchantKey>;
  readonly notifyUrl: () => string;
  /** What the pay page calls a merchant; null: the platform. */
  readonly nameOf: (storeId: string | null) => Promise<string>;
}

const serial = 'GATECAST-1';
/** The platform's own account, for adverts; a store's account has the store's id, as the store is merchant of record for its orders. */
const platformMchid = 'gatecast';
export const mchidOf = (storeId: string | null): string => storeId ?? platformMchid;
export const storeOf = (mchid: string): string | null => (mchid === platformMchid ? null : mchid);

/** Signed calls to the sandbox in the name of the platform or a store. */
export interface SandboxCaller {
  readonly call: (
    storeId: string | null,
    method: 'GET' | 'POST',
    target: string,
    body: unknown,
    signal: AbortSignal,
  ) => Promise<unknown>;
  readonly ours: () => Promise<MerchantKey>;
  /** The key that the sandbox's answers and callbacks are checked with. */
  readonly theirs: () => Promise<ProviderKey>;
}

export function createCaller(parts: SandboxParts): SandboxCaller {
  const { url, clock } = parts;
  const registered = new Map<string, Promise<void>>();
  let providerKey: Promise<ProviderKey> | undefined;
  let ownKey: Promise<MerchantKey> | undefined;

  const ours = (): Promise<MerchantKey> => (ownKey ??= retriable(parts.key(), () => (ownKey = undefined)));
  const theirs = (): Promise<ProviderKey> =>
    (providerKey ??= retriable(fetchProviderKey(url), () => (providerKey = undefined)));
  const register = (storeId: string | null, signal: AbortSignal): Promise<void> => {
    const mchid = mchidOf(storeId);
    const known = registered.get(mchid) ?? retriable(announce(mchid, storeId, signal), () => registered.delete(mchid));
    registered.set(mchid, known);
    return known;
  };
  const announce = async (mchid: string, storeId: string | null, signal: AbortSignal): Promise<void> => {
    const { publicKeyPem, apiV3Key } = await ours();
    const body = JSON.stringify({
      mchid,
      serial_no: serial,
      publicKeyPem,
      apiV3Key,
      name: await parts.nameOf(storeId),
    });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/sandbox/merchants`, { method: 'POST', headers, body, signal });
    if (!answer.ok) throw new Error(`the sandbox does not take a merchant: HTTP ${answer.status}`);
  };
  const call: SandboxCaller['call'] = async (storeId, method, target, body, signal) => {
    await register(storeId, signal);
    const [{ privateKey }, provider] = await Promise.all([ours(), theirs()]);
    const signing = { mchid: mchidOf(storeId), serial, key: privateKey };
    try {
      return await signedCall(url, clock, { method, target, body }, { ours: signing, theirs: provider }, signal);
    } catch (error) {
      // It may have forgotten the merchant; the next attempt introduces it again.
      if (error instanceof ProviderRefusal && error.code === 'SIGN_ERROR') registered.delete(mchidOf(storeId));
      throw error;
    }
  };
  return { call, ours, theirs };
}

/** A failure is not remembered: the next call tries again. */
function retriable<T>(work: Promise<T>, forget: () => void): Promise<T> {
  work.catch(forget);
  return work;
}

async function fetchProviderKey(url: string): Promise<ProviderKey> {
  const answer = await fetch(`${url}/v3/certificates`, { signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`the payment provider shows no certificate: HTTP ${answer.status}`);
  const { serial_no, publicKeyPem } = certificate.parse(await answer.json());
  return { serial: serial_no, key: createPublicKey(publicKeyPem) };
}
