/** CRC-16/MODBUS (Modbus over serial line V1.02, 6.2.2): polynomial 0x8005 reflected, start 0xFFFF, no final xor. */
const CRC_START = 0xffff;
const CRC_POLYNOMIAL = 0xa001;

const crcTable = makeCrcTable();

function makeCrcTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let index = 0; index < 256; index += 1) {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) {
      value = (value & 1) === 0 ? value >> 1 : (value >> 1) ^ CRC_POLYNOMIAL;
    }
    table[index] = value;
  }
  return table;
}

/** CRC-16 over `bytes[from..to)`. On the wire the low byte goes first. */
export function modbusCrc(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = CRC_START;
  for (let index = from; index < to; index += 1) {
    crc = (crc >> 8) ^ (crcTable[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return crc;
}
