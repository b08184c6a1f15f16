import { FRAME_BYTES_MAX } from '../frame/frame.ts';
import type { Capability, DeviceIdentity } from '../messages/replies.ts';

/** What a device is made of; its PDID and PDCAP reports follow from it. */
export interface DeviceDescription {
  readonly identity: DeviceIdentity;
  readonly inputs: number;
  readonly outputs: number;
  readonly readers: number;
  /** Longest command that it takes, SOM to check. Default: {@link FRAME_BYTES_MAX}. A longer one is refused with NAK 02. */
  readonly receiveBytes?: number;
}

/** What PDCAP says about the secure channel: none, or AES-128 with or without a key of the device's own. */
export type SecurityReport = 'none' | 'default-key' | 'own-key';

/** PDCAP function codes (spec annex B). */
const FUNCTION = {
  inputs: 1,
  outputs: 2,
  cardFormat: 3,
  led: 4,
  audible: 5,
  text: 6,
  time: 7,
  check: 8,
  security: 9,
  receiveSize: 10,
  combinedSize: 11,
  smartCard: 12,
  readers: 13,
  biometrics: 14,
  securePin: 15,
  version: 16,
} as const;

/** The PDCAP report of such a device (spec 7.5, annex B), one line for each function, those it does not have included. */
export function capabilitiesOf(
  { inputs, outputs, readers, receiveBytes = FRAME_BYTES_MAX }: DeviceDescription,
  security: SecurityReport = 'none',
): Capability[] {
  return [
    { functionCode: FUNCTION.inputs, compliance: inputs > 0 ? 2 : 0, count: inputs },
    // Level 2: the outputs can be timed by the device itself.
    { functionCode: FUNCTION.outputs, compliance: outputs > 0 ? 2 : 0, count: outputs },
    { functionCode: FUNCTION.cardFormat, compliance: 1, count: 0 },
    { functionCode: FUNCTION.led, compliance: 4, count: readers },
    { functionCode: FUNCTION.audible, compliance: 2, count: readers },
    { functionCode: FUNCTION.text, compliance: 1, count: readers },
    { functionCode: FUNCTION.time, compliance: 0, count: 0 },
    { functionCode: FUNCTION.check, compliance: 1, count: 0 },
    // Bit 0 of the level is AES-128, bit 0 of the number "still on the default key".
    {
      functionCode: FUNCTION.security,
      compliance: Number(security !== 'none'),
      count: Number(security === 'default-key'),
    },
    sizeLine(FUNCTION.receiveSize, receiveBytes),
    // No multi-part messages: the largest combined message is one frame.
    sizeLine(FUNCTION.combinedSize, receiveBytes),
    { functionCode: FUNCTION.smartCard, compliance: 0, count: 0 },
    { functionCode: FUNCTION.readers, compliance: 0, count: readers },
    { functionCode: FUNCTION.biometrics, compliance: 0, count: 0 },
    { functionCode: FUNCTION.securePin, compliance: 0, count: 0 },
    { functionCode: FUNCTION.version, compliance: 2, count: 0 },
  ];
}

/** A size travels with its low byte as level and its high byte as number. */
function sizeLine(functionCode: number, bytes: number): Capability {
  return { functionCode, compliance: bytes & 0xff, count: bytes >> 8 };
}
