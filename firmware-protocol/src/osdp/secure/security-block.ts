/**
 * Types of security block. The first four make the handshake; their `data` is one byte, {@link SCB_DEFAULT_KEY} or
 * {@link SCB_DEVICE_KEY}, and on `initialRmac` whether the device agrees. The others protect what follows and have no data.
 */
export const SCS = {
  challenge: 0x11,
  clientCryptogram: 0x12,
  serverCryptogram: 0x13,
  initialRmac: 0x14,
  commandMac: 0x15,
  replyMac: 0x16,
  commandSealed: 0x17,
  replySealed: 0x18,
} as const;

/** The handshake is about SCBK-D. */
export const SCB_DEFAULT_KEY = 0;
/** The handshake is about the key of this device. */
export const SCB_DEVICE_KEY = 1;
