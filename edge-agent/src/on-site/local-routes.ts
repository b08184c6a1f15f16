import type { Hono, MiddlewareHandler } from 'hono';
import { localPage, localStyle } from './local-page.ts';
import type { OnSiteStatus } from './status.ts';
import { languageOf } from './words.ts';

/**
 * The page for an installer who stands before the terminal, and the same facts for `doctor`. It lies behind the same checks of host, origin and token as
 * the screen's.
 */
export function localRoutes(app: Hono, token: MiddlewareHandler, status: () => Promise<OnSiteStatus>): void {
  app.get('/local', token, async (c) => {
    c.header('Cache-Control', 'no-store');
    return c.html(localPage(await status(), languageOf(c.req.query('lang') ?? c.req.header('accept-language'))));
  });
  app.get('/local/status', token, async (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json(await status());
  });
  app.get('/local/style.css', (c) => c.body(localStyle, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
}
