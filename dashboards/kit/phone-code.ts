/**
 * What a phone's page needs of the codes at the door: how the resident's own QR code is written, and how long a typed pass may last. It brings no
 * validation along; the messages stay types for pages.
 */
export {
  encodePhoneCode,
  passHours,
  phoneCodePreimage,
  phoneStep,
  phoneStepMs,
} from '@gatecast/firmware-protocol/pass';
