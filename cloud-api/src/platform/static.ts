import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Hono } from 'hono';
import type { ApiEnv } from './http.ts';

/** Front end by the path that it is served under. */
const pages = {
  operator: 'operator',
  property: 'property',
  merchant: 'merchant',
  guard: 'guard',
  h5: 'resident',
} as const;

/**
 * Serves the built dashboards: hashed files for a year, `index.html` for every other path below an app, since the page routes itself.
 * `frameAncestors` is whom the pages may be framed by besides themselves.
 */
export function staticPages(app: Hono<ApiEnv>, root: string, frameAncestors: string): void {
  const policy = [
    "default-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    `frame-ancestors 'self' ${frameAncestors}`.trim(),
  ].join('; ');
  for (const [path, folder] of Object.entries(pages)) {
    if (!existsSync(join(root, folder, 'index.html'))) {
      app.get(`/${path}/*`, (c) => c.html(notBuilt, 503));
      continue;
    }
    const below = (file: string) => join(folder, file.slice(path.length + 1));
    app.get(`/${path}`, (c) => c.redirect(`/${path}/${new URL(c.req.url).search}`));
    app.use(`/${path}/*`, async (c, next) => {
      await next();
      c.header('content-security-policy', policy);
      const hashed = c.req.path.includes('/assets/') && c.res.status === 200;
      c.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      c.header('vary', 'accept-encoding');
    });
    // Beside each file lie the packed ones that the build made: a third of the bytes, and nothing is packed while somebody waits.
    app.get(`/${path}/*`, serveStatic({ root, rewriteRequestPath: below, precompressed: true }));
    app.get(`/${path}/assets/*`, (c) => c.notFound());
    app.get(`/${path}/*`, serveStatic({ root, path: join(folder, 'index.html') }));
  }
}

const notBuilt =
  '<!doctype html><meta charset="utf-8"><title>Gatecast</title><p>The pages are not built. / 页面尚未构建。<p><code>npm start</code>';
