import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter } from './payload.ts';
import { readVendor, vendorBytes } from './vendor.ts';

/** State of a supervised input, in the order of its codes 0..5 (spec 7.7). */
export const INPUT_STATES = ['inactive', 'active', 'shorted', 'cut', 'fault', 'unknown'] as const;
export type InputState = (typeof INPUT_STATES)[number];

/** State of a reader, in the order of its codes 0..2 (spec 7.9). */
export const READER_STATES = ['normal', 'disconnected', 'tampered'] as const;
export type ReaderState = (typeof READER_STATES)[number];

/** Who a device says that it is. `vendor` is its IEEE OUI, three bytes, as hexadecimal. */
export interface DeviceIdentity {
  readonly vendor: string;
  readonly model: number;
  readonly version: number;
  readonly serial: number;
  readonly firmware: { readonly major: number; readonly minor: number; readonly build: number };
}

/** One line of a PDCAP report: function code 1..16, compliance level, number of items. */
export interface Capability {
  readonly functionCode: number;
  readonly compliance: number;
  readonly count: number;
}

export interface PdidReply {
  readonly kind: 'pdid';
  readonly identity: DeviceIdentity;
}

export interface PdcapReply {
  readonly kind: 'pdcap';
  readonly capabilities: readonly Capability[];
}

/** How the device itself is. */
export interface LstatrReply {
  readonly kind: 'lstatr';
  readonly tampered: boolean;
  readonly powerFailed: boolean;
}

const IDENTITY_BYTES = 12;
const CAPABILITY_BYTES = 3;

export function encodeIdentity({ vendor, model, version, serial, firmware }: DeviceIdentity): Uint8Array {
  const writer = new PayloadWriter(IDENTITY_BYTES).bytes(vendorBytes(vendor));
  writer.u8('model', model).u8('version', version).u32('serial number', serial);
  writer.u8('firmware major', firmware.major).u8('firmware minor', firmware.minor);
  return writer.u8('firmware build', firmware.build).data;
}

export function readIdentity(reader: PayloadReader): PdidReply | PayloadFault {
  const identity: DeviceIdentity = {
    vendor: readVendor(reader),
    model: reader.u8(),
    version: reader.u8(),
    serial: reader.u32(),
    firmware: { major: reader.u8(), minor: reader.u8(), build: reader.u8() },
  };
  return reader.isEnough ? { kind: 'pdid', identity } : 'length';
}

export function encodeCapabilities(capabilities: readonly Capability[]): Uint8Array {
  const writer = new PayloadWriter(capabilities.length * CAPABILITY_BYTES);
  for (const { functionCode, compliance, count } of capabilities) {
    writer.u8('function code', functionCode).u8('compliance', compliance).u8('count', count);
  }
  return writer.data;
}

export function readCapabilities(reader: PayloadReader): PdcapReply | PayloadFault {
  if (reader.remaining % CAPABILITY_BYTES !== 0) {
    return 'length';
  }
  const capabilities: Capability[] = [];
  while (reader.remaining > 0) {
    capabilities.push({ functionCode: reader.u8(), compliance: reader.u8(), count: reader.u8() });
  }
  return { kind: 'pdcap', capabilities };
}

export function readLocalStatus(reader: PayloadReader): LstatrReply | PayloadFault {
  const reply: LstatrReply = { kind: 'lstatr', tampered: reader.u8() !== 0, powerFailed: reader.u8() !== 0 };
  return reader.isEnough ? reply : 'length';
}
