import type { ScanType } from './permit-contract.ts';

const signatures: readonly { readonly type: ScanType; readonly bytes: readonly number[] }[] = [
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  // %PDF-
  { type: 'application/pdf', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
];
/** As many bytes of a file as its kind shows in. */
export const scanHeadBytes = 8;

/** The kind of a scan by its first bytes; undefined for anything else, whatever it is called. */
export function scanTypeOf(head: Uint8Array): ScanType | undefined {
  return signatures.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte))?.type;
}
