/** OSDP's CRC-16 (spec 5.10): polynomial 0x1021, start 0x1D0F, not reflected, no final xor. Also known as CRC-16/AUG-CCITT. */
const CRC_START = 0x1d0f;
const CRC_POLYNOMIAL = 0x1021;

const crcTable = makeCrcTable();

function makeCrcTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let index = 0; index < 256; index += 1) {
    let value = index << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      value = (value & 0x8000) === 0 ? value << 1 : (value << 1) ^ CRC_POLYNOMIAL;
    }
    table[index] = value & 0xffff;
  }
  return table;
}

/** CRC-16 over `bytes[from..to)`. On the wire the low byte goes first. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = CRC_START;
  for (let index = from; index < to; index += 1) {
    crc = ((crc << 8) & 0xffff) ^ (crcTable[(crc >> 8) ^ (bytes[index] ?? 0)] ?? 0);
  }
  return crc;
}

/** The older one-byte check (spec 5.9): two's complement of the 8-bit sum over `bytes[from..to)`. */
export function checksum8(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) {
    sum += bytes[index] ?? 0;
  }
  return -sum & 0xff;
}
