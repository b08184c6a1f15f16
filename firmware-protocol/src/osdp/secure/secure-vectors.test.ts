import { describe, expect, test } from 'vitest';
import { aes128 } from '../../node/aes.ts';
import { decodeFrame } from '../frame/frame.ts';
import type { OsdpFrame } from '../frame/frame.ts';
import { hex } from '../frame/hex.fixture.ts';
import { toHex } from '../frame/hex.ts';
import { SecureSession } from './secure-session.ts';
import { SCBK_D, clientCryptogram, deriveSessionKeys, initialRmac, serverCryptogram } from './session-keys.ts';

function frameOf(bytes: string): OsdpFrame {
  const frame = decodeFrame(hex(bytes));
  if (typeof frame === 'string') {
    throw new Error(`${bytes} is refused: ${frame}`);
  }
  return frame;
}

describe('the handshake of annex E', () => {
  const rndA = hex('B0B1B2B3B4B5B6B7');
  const rndB = hex('A0A1A2A3A4A5A6A7');
  const keys = deriveSessionKeys(aes128, SCBK_D, rndA);

  test('derives the session keys from the default key', () => {
    const derived: string[] = [];
    const recording = (key: Uint8Array) => {
      derived.push(toHex(key));
      return aes128(key);
    };
    deriveSessionKeys(recording, SCBK_D, rndA);
    expect(derived).toEqual([
      '303132333435363738393A3B3C3D3E3F',
      'BF8DC2A8329ACB8C67C6D0CD9A451682',
      '5E86C676603BDEE2D8BEAFE178637332',
      '6FDA86E857777E81132035758239172E',
    ]);
  });

  test('makes both cryptograms and the first R-MAC', () => {
    const server = serverCryptogram(keys, rndA, rndB);
    expect(toHex(clientCryptogram(keys, rndA, rndB))).toBe('FDE5D2F428EC16312471EA3C02BD7796');
    expect(toHex(server)).toBe('26D3356E07762D262801FC8E6665A891');
    expect(toHex(initialRmac(keys, server))).toBe('B2A30057EB98BA2229EC1F875662B524');
  });
});

describe('commands as OSDP.Net seals them, with all keys and MACs zero', () => {
  const zero = aes128(new Uint8Array(16));
  const session = (): SecureSession =>
    new SecureSession({ keys: { enc: zero, mac1: zero, mac2: zero }, rmac: new Uint8Array(16) });

  // Messages/CommandOutgoingMessageTest.cs
  test.each([
    ['POLL', 0x60, '', 'FF53000E000E0215604B32767773B6'],
    ['ID', 0x61, '00', 'FF53001E000E021761D14EB7AD982CC5F9AA25318A7EAED6269AE995731983'],
    ['OUT', 0x68, '0003640001067800', 'FF53001E000E021768F7EFA0D4764A4E29267596F216D8A9E8C5887608B908'],
    [
      'KEYSET',
      0x75,
      '011000010203040506070001020304050607',
      'FF53002E000E021775F0DDEC9A0ED8CE4C80BAF5D55C18436F9189FD66C9F223DC041486D83357DF986C1D4BC2B2F2',
    ],
  ])('%s', (_name, code, data, bytes) => {
    const content = { address: 0, sequence: 2, check: 'crc', code, data: hex(data) } as const;
    expect(toHex(session().sealCommand(content))).toBe(bytes);
    expect(toHex(session().sealCommand(content, { mark: false }))).toBe(bytes.slice(2));
    const opened = session().openCommand(frameOf(bytes));
    expect(typeof opened === 'string' ? opened : toHex(opened)).toBe(data);
  });
});
