import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { SandboxFault, statusOf } from './faults.ts';
import type { Notifier } from './notifier.ts';
import { indexPage, payPage, smsPage, smsScript } from './pages.ts';
import type { Payments } from './payments.ts';
import { parseBody, smsRequest } from './requests.ts';
import type { SmsInbox } from './sms.ts';
import type { CallbackRow, MerchantRow, PaymentRow, SandboxStore } from './store.ts';
import { languageOf } from './words.ts';

const listed = 200;

export interface PersonParts {
  readonly store: SandboxStore;
  readonly payments: Payments;
  readonly notifier: Notifier;
  readonly inbox: SmsInbox;
  readonly smsToken: string;
}

/** What a person sees: the page to pay on, the list of payments, the phone's messages. */
export function personRoutes({ store, payments, notifier, inbox, smsToken }: PersonParts): Hono {
  const app = new Hono();

  app.get('/', (c) => {
    const language = languageOf(c.req.query('lang'));
    const callbacks = store.prepare<[], CallbackRow>('select * from callbacks order by rowid').all();
    return c.html(indexPage(payments.newest(listed), new Map(callbacks.map((row) => [row.prepay_id, row])), language));
  });

  app.get('/payments.json', (c) => {
    const items = payments.newest(listed).map(({ prepay_id, out_trade_no, mchid, total, trade_state, refunded }) => {
      return { prepay_id, out_trade_no, mchid, total, trade_state, refunded };
    });
    return c.json({ items });
  });

  const pageOf = (payment: PaymentRow, lang: string | undefined, isRefused = false) => {
    const merchant = store.prepare<[string], MerchantRow>('select * from merchants where mchid = ?').get(payment.mchid);
    return payPage(payment, { merchant: merchant?.name ?? payment.mchid, isRefused }, languageOf(lang));
  };

  app.get('/pay/:id', (c) => {
    const payment = payments.byPrepayId(c.req.param('id'));
    payments.mustBeOpen(payment);
    return c.html(pageOf(payment, c.req.query('lang')));
  });

  app.post('/pay/:id', async (c) => {
    const prepayId = c.req.param('id');
    try {
      const callback = payments.pay(prepayId);
      if (callback !== undefined) await notifier.sendNow(callback);
    } catch (error) {
      const stays = error instanceof SandboxFault && (error.code === 'PAY_REFUSED' || error.code === 'ORDER_CLOSED');
      if (!stays || !c.req.header('accept')?.includes('text/html')) throw error;
      // A person stays on the page, which says what became of it and has the way back.
      const isRefused = error.code === 'PAY_REFUSED';
      return c.html(pageOf(payments.byPrepayId(prepayId), c.req.query('lang'), isRefused), statusOf[error.code]);
    }
    const { return_url, trade_state } = payments.byPrepayId(prepayId);
    if (c.req.header('accept')?.includes('application/json')) return c.json({ trade_state });
    return c.redirect(return_url ?? `/pay/${prepayId}?lang=${languageOf(c.req.query('lang'))}`, 303);
  });

  app.post('/sms', async (c) => {
    if (!isToken(c.req.header('authorization'), smsToken)) throw new SandboxFault('SMS_TOKEN', 'wrong bearer token');
    const { phone, text } = parseBody(await c.req.text(), smsRequest);
    return c.json({ id: inbox.receive(phone, text) }, 202);
  });

  app.get('/sms', (c) => c.html(smsPage(inbox.newest(), languageOf(c.req.query('lang')))));
  app.get('/sms.json', (c) => c.json({ items: inbox.newest(c.req.query('phone')) }));
  app.get('/sms.js', (c) => c.body(smsScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }));

  return app;
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
