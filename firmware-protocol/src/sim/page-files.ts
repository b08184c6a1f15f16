import { readFile } from 'node:fs/promises';

/** A page's files by their address; nothing else is served. */
export type PageFiles = ReadonlyMap<string, { readonly name: string; readonly type: string }>;

export const DOOR_PAGE: PageFiles = new Map([
  ['/', { name: 'door.html', type: 'text/html; charset=utf-8' }],
  ['/door.css', { name: 'door.css', type: 'text/css; charset=utf-8' }],
  ['/door.js', { name: 'door.js', type: 'text/javascript; charset=utf-8' }],
  ['/strings.js', { name: 'strings.js', type: 'text/javascript; charset=utf-8' }],
  ['/icon.svg', { name: 'icon.svg', type: 'image/svg+xml' }],
]);

export const RELAY_PAGE: PageFiles = new Map([
  ['/', { name: 'relay.html', type: 'text/html; charset=utf-8' }],
  ['/relay.css', { name: 'relay.css', type: 'text/css; charset=utf-8' }],
  ['/relay.js', { name: 'relay.js', type: 'text/javascript; charset=utf-8' }],
  ['/icon.svg', { name: 'icon.svg', type: 'image/svg+xml' }],
]);

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** `undefined` when the page has no such file. */
export async function readPageFile(page: PageFiles, path: string): Promise<PageFile | undefined> {
  const file = page.get(path);
  return file && { type: file.type, bytes: await readFile(new URL(`page/${file.name}`, import.meta.url)) };
}

/** Only the page's own files run, and only the named origins may frame it. */
export function contentSecurityPolicy(frameAncestors: readonly string[]): string {
  const ancestors = ["'self'", ...frameAncestors].join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');
}
