import { halfHourMs, instant, type InstantMs } from '../units/time.ts';

/**
 * The QR code on a clip: `https://…/q/` + base64url of
 * version (1 byte) | terminal number (4) | half-hour since 2020 (3) | campaign number (4) | first bytes of the clip's SHA-256 (4) | MAC (10).
 * The MAC is the first 80 bits of HMAC-SHA256 over the 16 bytes before it, under the terminal's own key:
 * made per terminal, slot and clip, short enough for a screen seen from two metres (QR version 4, level M).
 */
export interface ShortLink {
  readonly terminalNo: number;
  /** Start of the half-hour that the clip was chosen in. */
  readonly halfHour: InstantMs;
  readonly campaignNo: number;
  /** The first 8 hex digits of the clip's SHA-256. */
  readonly clipPrefix: string;
}

export const shortLinkMacBytes = 10;
const version = 1;
const payloadBytes = 16;
const epochMs = Date.UTC(2020, 0, 1);

/** The 16 bytes that the MAC covers. */
export function shortLinkPayload(link: ShortLink): Uint8Array {
  const bytes = new Uint8Array(payloadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setUint32(1, link.terminalNo);
  const halfHours = (link.halfHour - epochMs) / halfHourMs;
  view.setUint8(5, (halfHours >>> 16) & 0xff);
  view.setUint16(6, halfHours & 0xffff);
  view.setUint32(8, link.campaignNo);
  view.setUint32(12, Number.parseInt(link.clipPrefix, 16));
  return bytes;
}

/** The token: payload and MAC as base64url, 35 characters. */
export function shortLinkToken(payload: Uint8Array, mac: Uint8Array): string {
  const all = new Uint8Array(payloadBytes + shortLinkMacBytes);
  all.set(payload);
  all.set(mac.subarray(0, shortLinkMacBytes), payloadBytes);
  return btoa(String.fromCharCode(...all))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

export interface ParsedShortLink {
  readonly link: ShortLink;
  readonly payload: Uint8Array;
  readonly mac: Uint8Array;
}

/** Takes a token apart; undefined if it has not the form of one. The MAC is still to be checked. */
export function parseShortLink(token: string): ParsedShortLink | undefined {
  if (!/^[A-Za-z0-9_-]{35}$/.test(token)) return undefined;
  const text = atob(`${token.replaceAll('-', '+').replaceAll('_', '/')}=`);
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  if (view.getUint8(0) !== version) return undefined;
  const halfHours = (view.getUint8(5) << 16) | view.getUint16(6);
  return {
    link: {
      terminalNo: view.getUint32(1),
      halfHour: instant(epochMs + halfHours * halfHourMs),
      campaignNo: view.getUint32(8),
      clipPrefix: view.getUint32(12).toString(16).padStart(8, '0'),
    },
    payload: bytes.subarray(0, payloadBytes),
    mac: bytes.subarray(payloadBytes),
  };
}
