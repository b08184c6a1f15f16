/** Function codes that are spoken here (Modbus Application Protocol V1.1b3, section 6). */
export const FUNCTION_CODE = {
  readCoils: 0x01,
  readInputs: 0x02,
  readRegisters: 0x03,
  writeCoil: 0x05,
  writeRegister: 0x06,
  writeCoils: 0x0f,
} as const;
export type ModbusFunction = keyof typeof FUNCTION_CODE;

/** Set on the function code of an answer that is an exception (section 7). */
export const EXCEPTION_FLAG = 0x80;

/** Exception codes (section 7). */
export const EXCEPTION = {
  illegalFunction: 0x01,
  illegalAddress: 0x02,
  illegalValue: 0x03,
  deviceFailure: 0x04,
  acknowledge: 0x05,
  deviceBusy: 0x06,
  negativeAcknowledge: 0x07,
  memoryParity: 0x08,
  gatewayUnavailable: 0x0a,
  gatewayNoAnswer: 0x0b,
} as const;

/** What an output is set to by function 05 (section 6.5); anything else is illegal to plain boards. */
export const COIL_ON = 0xff00;
export const COIL_OFF = 0x0000;

/** Most coils or inputs in one read (sections 6.1, 6.2). */
export const READ_BITS_MAX = 2_000;
/** Most registers in one read (section 6.3). */
export const READ_REGISTERS_MAX = 125;
/** Most coils in one write (section 6.11). */
export const WRITE_COILS_MAX = 1_968;
/** Units that can be spoken to; 0 is everybody and answers nothing, so it is not used. */
export const UNIT_MIN = 1;
export const UNIT_MAX = 247;
