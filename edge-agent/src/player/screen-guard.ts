import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { sendHtml, type ScreenAnswer } from './screen-http.ts';

/** The hosts by which the screen may call: anything else is a page elsewhere that made its name point here (DNS rebinding). */
const hostsOf = (port: number): string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

/** False for a request for another host or from a page of another origin. */
export function isLocal({ headers: { host, origin } }: Pick<IncomingMessage, 'headers'>, port: number): boolean {
  const hosts = hostsOf(port);
  const isOwn = origin === undefined || hosts.some((own) => origin === `http://${own}`);
  return isOwn && hosts.includes(host ?? '');
}

const forbiddenPage =
  '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>门播</title><p>此页面只在门口的屏幕上打开。<p lang="en">This page opens only on the screen at the door.';

/** A route that refuses a request whose `token` is not the one in the kiosk's URL; it says nothing of why. */
export function withToken(token: string): (answer: ScreenAnswer) => ScreenAnswer {
  // Hashes have one length, so that the comparison takes one time.
  const expected = Buffer.from(sha256Hex(token));
  return (answer) => (call) => {
    const given = Buffer.from(sha256Hex(call.query.get('token') ?? ''));
    return timingSafeEqual(given, expected) ? answer(call) : sendHtml(call.response, 403, forbiddenPage);
  };
}

/** Nothing from elsewhere runs, shows or frames the page, but for the origins that may embed it. */
export function policyHeaders(frameAncestors: readonly string[]): OutgoingHttpHeaders {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${["'self'", ...frameAncestors].join(' ')}`,
  ].join('; ');
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  };
}
