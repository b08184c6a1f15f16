import { createHmac, timingSafeEqual } from 'node:crypto';
import { codePreimage, pinPreimage } from '@gatecast/firmware-protocol/messages';
import { pinKeyPurpose, unseal, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import type { AccessView } from './decide.ts';
import { openList, type PackedList } from './list-index.ts';

/**
 * An access list with its PIN keys opened. `denied` are credentials that a newer list, which could not be applied, locks out.
 * Throws DomainError `cannot-unseal` if a key was not sealed to this terminal.
 */
export function openAccess(
  version: number,
  list: PackedList,
  sealing: RawKeyPair,
  denied: ReadonlySet<string> = new Set(),
): AccessView {
  const keys = new Map(list.pinKeys.map(({ epoch, sealed }) => [epoch, unseal(sealing, pinKeyPurpose(epoch), sealed)]));
  const index = openList(list);
  const tagOf = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  return {
    version,
    byUnit: (unit) => index.byUnit(unit).map((c) => (denied.has(c.id) ? { ...c, denied: true } : c)),
    byCode(code) {
      for (const [epoch, key] of keys) {
        const found = index.byTag(tagOf(key, codePreimage(code)));
        if (found?.epoch === epoch) return denied.has(found.id) ? { ...found, denied: true } : found;
      }
      return undefined;
    },
    isPinOf(credential, pin) {
      const key = keys.get(credential.epoch);
      return key !== undefined && timingSafeEqual(tagOf(key, pinPreimage(credential.id, pin)), credential.tag);
    },
  };
}
