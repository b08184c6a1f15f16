import type { DeviceIdentity } from '../messages/replies.ts';

/**
 * cUID of CCRYPT, 8 bytes: vendor, model and serial number, as devices in the field build it from their PDID. Panels do not judge by it.
 */
export function clientIdOf({ vendor, model, serial }: DeviceIdentity): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setUint32(0, Number.parseInt(vendor, 16) * 0x100 + model);
  bytes.setUint32(4, serial, true);
  return new Uint8Array(bytes.buffer);
}
