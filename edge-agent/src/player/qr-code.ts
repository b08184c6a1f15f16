import { createHmac } from 'node:crypto';
import qrcode from 'qrcode';
import { shortLinkPayload, shortLinkToken, type ShortLink } from '@gatecast/firmware-protocol/messages';

/** The text behind the QR code of one clip, signed with the terminal's own key. */
export function shortLinkUrl(base: string, key: Uint8Array, link: ShortLink): string {
  const payload = shortLinkPayload(link);
  return base + shortLinkToken(payload, createHmac('sha256', key).update(payload).digest());
}

/** The white margin that ISO/IEC 18004 asks for, in modules. */
const quiet = 4;

/** A QR code at level M as an SVG document, dark on white. */
export function qrSvg(text: string): string {
  const { size, data } = qrcode.create(text, { errorCorrectionLevel: 'M' }).modules;
  let path = '';
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if (data[y * size + x]) path += `M${x + quiet} ${y + quiet}h1v1h-1z`;
  }
  const side = size + 2 * quiet;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#101418" d="${path}"/></svg>`;
}
