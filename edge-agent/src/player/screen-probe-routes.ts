import { DomainError } from '@gatecast/firmware-protocol';
import { probeId, screenshotBytesMax, toneReport } from '@gatecast/firmware-protocol/messages';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { ProbeAnswers } from './screen-probes.ts';

const toneBytesMax = 1_024;

const statusOf: Readonly<Record<string, 404 | 422>> = { 'unknown-probe': 404, 'not-a-picture': 422 };

/** Where the page sends what it was asked for: pictures of itself, and whether it can be heard. */
export function probeRoutes(
  app: Hono,
  guard: MiddlewareHandler,
  { probes, log }: { readonly probes: ProbeAnswers; readonly log: Pick<Logger, 'warn'> },
): void {
  const orProblem = (c: Context, take: () => void): Response => {
    try {
      take();
      return c.body(null, 204);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      log.warn({ code: error.code }, 'what the screen page sent was refused');
      return c.json({ code: error.code, title: error.message }, statusOf[error.code] ?? 500);
    }
  };
  const malformed = (c: Context) => c.json({ code: 'malformed-answer', title: 'this answers no question' }, 400);

  app.post('/captures', guard, within(screenshotBytesMax), async (c) => {
    const id = probeId.safeParse(c.req.query('id')).data;
    if (id === undefined) return malformed(c);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    return orProblem(c, () => probes.takeCapture(id, bytes));
  });
  app.post('/tones', guard, within(toneBytesMax), async (c) => {
    const report = toneReport.safeParse(await c.req.json().catch(() => undefined)).data;
    if (report === undefined) return malformed(c);
    return orProblem(c, () => probes.takeTone(report));
  });
}

const within = (maxSize: number): MiddlewareHandler =>
  bodyLimit({ maxSize, onError: (c) => c.json({ code: 'answer-too-long', title: 'this is too long' }, 413) });
