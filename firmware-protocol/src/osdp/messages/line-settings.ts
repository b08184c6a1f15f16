import { CONFIGURATION_ADDRESS } from '../frame/frame.ts';
import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter, within } from './payload.ts';

/** Address and speed that a device shall have (COMSET), or will have after this reply, which still goes at the old ones (COM). */
export interface LineSettings {
  /** 0x00..0x7E. */
  readonly address: number;
  readonly baud: number;
}

export interface ComsetCommand extends LineSettings {
  readonly kind: 'comset';
}

export interface ComReply extends LineSettings {
  readonly kind: 'com';
}

/** The longest reply, in bytes from SOM to check, that the panel can take. */
export interface AcuRxSizeCommand {
  readonly kind: 'acurxsize';
  readonly bytes: number;
}

/** A card shall stay powered for so long without being spoken to: 0..65,535 ms. */
export interface KeepActiveCommand {
  readonly kind: 'keepactive';
  readonly durationMs: number;
}

const SETTINGS_BYTES = 5;

/** Spec 6.15 and 7.13. */
export function encodeLineSettings({ address, baud }: LineSettings): Uint8Array {
  const writer = new PayloadWriter(SETTINGS_BYTES);
  writer.u8('address', within('address', address, CONFIGURATION_ADDRESS - 1));
  return writer.u32('baud', within('baud', baud, 0xffff_ffff, 1)).data;
}

/** `'value'` for an address that no device may have. Whether it can do the speed is for the device to say. */
export function readComset(reader: PayloadReader): ComsetCommand | PayloadFault {
  const command: ComsetCommand = { kind: 'comset', address: reader.u8(), baud: reader.u32() };
  if (!reader.isExact) {
    return 'length';
  }
  return areSettings(command) ? command : 'value';
}

/** `'value'` for an address that no device may have, or no speed: nobody could go on there. */
export function readCom(reader: PayloadReader): ComReply | PayloadFault {
  const reply: ComReply = { kind: 'com', address: reader.u8(), baud: reader.u32() };
  return !reader.isEnough ? 'length' : areSettings(reply) ? reply : 'value';
}

function areSettings({ address, baud }: LineSettings): boolean {
  return address < CONFIGURATION_ADDRESS && baud > 0;
}

export function encodeU16(field: string, value: number): Uint8Array {
  return new PayloadWriter(2).u16(field, value).data;
}

export function readAcuRxSize(reader: PayloadReader): AcuRxSizeCommand | PayloadFault {
  const command: AcuRxSizeCommand = { kind: 'acurxsize', bytes: reader.u16() };
  return reader.isExact ? command : 'length';
}

export function readKeepActive(reader: PayloadReader): KeepActiveCommand | PayloadFault {
  const command: KeepActiveCommand = { kind: 'keepactive', durationMs: reader.u16() };
  return reader.isExact ? command : 'length';
}
