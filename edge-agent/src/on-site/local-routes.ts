import { sendHtml, sendJson, sendText, type ScreenAnswer, type ScreenRoutes } from '../player/screen-http.ts';
import { localPage, localStyle } from './local-page.ts';
import type { OnSiteStatus } from './status.ts';
import { languageOf } from './words.ts';

const unkept = { 'Cache-Control': 'no-store' };

/**
 * The page for an installer who stands before the terminal, and the same facts for `doctor`. It lies behind the same checks of host, origin and token as
 * the screen's.
 */
export function localRoutes(
  guarded: (answer: ScreenAnswer) => ScreenAnswer,
  status: () => Promise<OnSiteStatus>,
): ScreenRoutes {
  return {
    'GET /local': guarded(async ({ request, response, query }) => {
      const language = languageOf(query.get('lang') ?? request.headers['accept-language']);
      sendHtml(response, 200, localPage(await status(), language), unkept);
    }),
    'GET /local/status': guarded(async ({ response }) => sendJson(response, 200, await status(), unkept)),
    'GET /local/style.css': ({ response }) =>
      sendText(response, 200, localStyle, { 'Content-Type': 'text/css; charset=utf-8' }),
  };
}
