import type { Capability, DeviceIdentity } from '../messages/replies.ts';
import { FRAME_BYTES_MAX } from '../frame/frame.ts';

/** What a device is made of; its PDID and PDCAP reports follow from it. */
export interface DeviceDescription {
  readonly identity: DeviceIdentity;
  readonly inputs: number;
  readonly outputs: number;
  readonly readers: number;
}

/** PDCAP function codes (spec annex B). */
const FUNCTION = {
  inputs: 1,
  outputs: 2,
  cardFormat: 3,
  led: 4,
  audible: 5,
  text: 6,
  check: 8,
  receiveSize: 10,
  readers: 13,
  version: 16,
} as const;

/** The PDCAP report of such a device. */
export function capabilitiesOf({ inputs, outputs, readers }: DeviceDescription): Capability[] {
  return [
    { functionCode: FUNCTION.inputs, compliance: 2, count: inputs },
    // Level 2: the outputs can be timed by the device itself.
    { functionCode: FUNCTION.outputs, compliance: 2, count: outputs },
    { functionCode: FUNCTION.cardFormat, compliance: 1, count: 0 },
    { functionCode: FUNCTION.led, compliance: 4, count: readers },
    { functionCode: FUNCTION.audible, compliance: 2, count: readers },
    { functionCode: FUNCTION.text, compliance: 1, count: readers },
    { functionCode: FUNCTION.check, compliance: 1, count: 0 },
    { functionCode: FUNCTION.receiveSize, compliance: FRAME_BYTES_MAX & 0xff, count: FRAME_BYTES_MAX >> 8 },
    { functionCode: FUNCTION.readers, compliance: 0, count: readers },
    { functionCode: FUNCTION.version, compliance: 2, count: 0 },
  ];
}
