import { fromHex, toHex } from '../frame/hex.ts';
import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter } from './payload.ts';

/** Something between a panel and the devices of one maker; `vendor` is its IEEE OUI as six hexadecimal digits. */
export interface VendorMessage {
  readonly vendor: string;
  readonly data: Uint8Array;
}

export interface MfgCommand extends VendorMessage {
  readonly kind: 'mfg';
}

export interface MfgRepReply extends VendorMessage {
  readonly kind: 'mfgrep';
}

const VENDOR_BYTES = 3;

/** Three bytes, in the order in which the digits are read. Throws RangeError for anything but six hexadecimal digits. */
export function vendorBytes(vendor: string): Uint8Array {
  const bytes = /^[0-9a-fA-F]{6}$/.test(vendor) ? fromHex(vendor) : undefined;
  if (bytes === undefined) {
    throw new RangeError(`vendor "${vendor}" is not six hexadecimal digits`);
  }
  return bytes;
}

export function readVendor(reader: PayloadReader): string {
  return toHex(reader.bytes(VENDOR_BYTES));
}

export function encodeVendorMessage({ vendor, data }: VendorMessage): Uint8Array {
  return new PayloadWriter(VENDOR_BYTES + data.length).bytes(vendorBytes(vendor)).bytes(data).data;
}

/** The message of one maker, tagged as command or reply. */
export function readVendorMessage<Kind extends 'mfg' | 'mfgrep'>(
  kind: Kind,
  reader: PayloadReader,
): ({ readonly kind: Kind } & VendorMessage) | PayloadFault {
  const message = { kind, vendor: readVendor(reader), data: reader.rest() };
  return reader.isEnough ? message : 'length';
}
