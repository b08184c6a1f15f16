import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { faultPage } from './fault-page.ts';
import type { Notifier } from './notifier.ts';
import type { Payments } from './payments.ts';
import { change, sound, type ProviderState } from './provider-state.ts';
import {
  bankRequest,
  callbackModeRequest,
  parseBody,
  parseValue,
  paymentFaultRequest,
  providerFaultsRequest,
  refundOutcomes,
} from './requests.ts';
import { languageOf } from './words.ts';

export interface FaultParts {
  readonly payments: Payments;
  readonly notifier: Notifier;
  readonly state: ProviderState;
}

const listed = 20;
const endRequest = z.object({ status: refundOutcomes.exclude(['PROCESSING']) });
/** As a form of the page sends it. */
const providerForm = z.object({
  callbacks: z.string(),
  bankRefuses: z.string().optional(),
  refunds: z.string(),
  signsWith: z.string(),
  missing: z.coerce.number(),
  added: z.coerce.number(),
  changed: z.coerce.number(),
});

/** What the provider does wrong: over all, and to one payment; by hand on a page, and for tests. */
export function faultRoutes({ payments, notifier, state }: FaultParts): Hono {
  const app = new Hono();
  const plant = async (prepayId: string, body: unknown): Promise<void> =>
    notifier.sendNow(payments.plant(prepayId, parseValue(body, paymentFaultRequest).fault));
  const end = async (body: unknown): Promise<number> => {
    const told = payments.endRefunds(parseValue(body, endRequest).status);
    await Promise.all(told.map((id) => notifier.sendNow(id)));
    return told.length;
  };
  const back = (c: Context) => c.redirect(`/faults?lang=${languageOf(c.req.query('lang'))}`, 303);

  app.get('/faults', (c) =>
    c.html(faultPage({ state, payments: payments.newest(listed) }, languageOf(c.req.query('lang')))),
  );
  app.post('/faults', async (c) => {
    const form = parseValue(await c.req.parseBody(), providerForm);
    const { missing, added, changed, bankRefuses, ...rest } = form;
    const asked = { ...rest, bankRefuses: bankRefuses !== undefined, bill: { missing, added, changed } };
    change(state, parseValue(asked, providerFaultsRequest));
    return back(c);
  });
  app.post('/faults/none', (c) => {
    change(state, sound);
    return back(c);
  });
  app.post('/faults/refunds', async (c) => {
    await end(await c.req.parseBody());
    return back(c);
  });
  app.post('/faults/payments/:id', async (c) => {
    await plant(c.req.param('id'), await c.req.parseBody());
    return back(c);
  });

  app.get('/sandbox/faults', (c) => c.json(state));
  app.post('/sandbox/faults', async (c) => {
    change(state, parseBody(await c.req.text(), providerFaultsRequest));
    return c.json(state);
  });
  app.post('/sandbox/payments/:id/fault', async (c) => {
    await plant(c.req.param('id'), parseBody(await c.req.text(), paymentFaultRequest));
    return c.json({});
  });
  app.post('/sandbox/refunds/end', async (c) =>
    c.json({ ended: await end(parseBody(await c.req.text(), endRequest)) }),
  );
  app.post('/sandbox/callbacks', async (c) => {
    const { mode } = parseBody(await c.req.text(), callbackModeRequest);
    change(state, { callbacks: mode });
    return c.json({ mode });
  });
  app.post('/sandbox/bank', async (c) => {
    const { refuses } = parseBody(await c.req.text(), bankRequest);
    change(state, { bankRefuses: refuses });
    return c.json({ refuses });
  });
  return app;
}
