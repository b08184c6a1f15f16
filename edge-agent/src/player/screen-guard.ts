import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { sha256Hex } from '@gatecast/firmware-protocol/node';

/** The hosts by which the screen may call: anything else is a page elsewhere that made its name point here (DNS rebinding). */
const hostsOf = (port: number): string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

/** Refuses requests for another host or from a page of another origin. */
export function localOnly(port: () => number): MiddlewareHandler {
  return async (c, next) => {
    const hosts = hostsOf(port());
    const origin = c.req.header('origin');
    const isOwn = origin === undefined || hosts.some((host) => origin === `http://${host}`);
    if (!hosts.includes(c.req.header('host') ?? '') || !isOwn) return c.text('Forbidden', 403);
    await next();
    return undefined;
  };
}

const forbiddenPage =
  '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>门播</title><p>此页面只在门口的屏幕上打开。<p lang="en">This page opens only on the screen at the door.';

/** Refuses a request whose `token` is not the one in the kiosk's URL; says nothing of why. */
export function withToken(token: string): MiddlewareHandler {
  // Hashes have one length, so that the comparison takes one time.
  const expected = Buffer.from(sha256Hex(token));
  return async (c, next) => {
    const given = Buffer.from(sha256Hex(c.req.query('token') ?? ''));
    if (!timingSafeEqual(given, expected)) return c.html(forbiddenPage, 403);
    await next();
    return undefined;
  };
}

/** Nothing from elsewhere runs, shows or frames the page, but for the origins that may embed it. */
export function withPolicy(frameAncestors: readonly string[]): MiddlewareHandler {
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
  return async (c, next) => {
    await next();
    c.header('Content-Security-Policy', policy);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
  };
}
