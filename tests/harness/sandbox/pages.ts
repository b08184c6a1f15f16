import { html, raw } from 'hono/html';
import type { CallbackRow, PaymentRow, SmsRow, TradeState } from './store.ts';
import { wordsOf, type Language, type Words } from './words.ts';

type Html = ReturnType<typeof html>;

const style = raw(`
  :root { --ink: #1b2430; --soft: #5c6977; --line: #e4e8ec; --paper: #f4f6f8; --go: #07a154; --go-dark: #05803f; --mark: #a05a00; color-scheme: light; }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, 'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif; }
  main { max-width: 26rem; margin: 0 auto; padding: 0 1rem 2rem; }
  main.wide { max-width: 60rem; }
  .mark { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 1rem; color: #fff; background: var(--mark); font-size: .875rem; }
  .mark a { flex: none; color: inherit; }
  .card { margin-top: 1rem; padding: 1.25rem; border-radius: 1rem; background: #fff; box-shadow: 0 1px 2px #0001; }
  h1 { margin: 1.25rem 0 0; font-size: 1.125rem; text-align: center; }
  .wide h1 { text-align: start; }
  .amount { margin: .5rem 0 1rem; text-align: center; font-size: 2.75rem; font-weight: 700; font-variant-numeric: tabular-nums; line-height: 1.2; }
  .amount small { margin-inline-end: .15em; font-size: .55em; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .5rem 1rem; margin: 0; padding-top: 1rem; border-top: 1px solid var(--line); }
  dt { color: var(--soft); }
  dd { margin: 0; text-align: end; overflow-wrap: anywhere; }
  button, .button { display: block; width: 100%; min-height: 3.25rem; margin-top: 1rem; padding: .75rem; border: 0; border-radius: .75rem; font: inherit; font-size: 1.125rem; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
  .go { color: #fff; background: var(--go-dark); }
  .go:hover { background: #046c35; }
  .quiet { color: var(--ink); background: transparent; border: 1px solid #b9c2cb; }
  :focus-visible { outline: 3px solid #1769e0; outline-offset: 2px; }
  .state { margin: 1rem 0 0; text-align: center; font-size: 1.25rem; font-weight: 600; color: var(--go-dark); }
  .refused { margin: 1rem 0 0; padding: .75rem 1rem; border-radius: .75rem; color: #8a1f11; background: #fdecea; }
  .scroll { overflow-x: auto; }
  table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
  th, td { padding: .5rem .75rem; border-bottom: 1px solid var(--line); text-align: start; white-space: nowrap; }
  td.number { text-align: end; font-variant-numeric: tabular-nums; }
  .sms { margin: 0; padding: 0; list-style: none; }
  .sms li { margin-top: .75rem; padding: .875rem 1rem; border-radius: 1rem; background: #fff; }
  .sms b { display: block; color: var(--soft); font-size: .8125rem; font-weight: 500; font-variant-numeric: tabular-nums; }
  .sms p { margin: .125rem 0 0; overflow-wrap: anywhere; }
  .note { color: var(--soft); }
  h2 { margin: 0 0 .5rem; font-size: 1rem; }
  .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem; }
  .fields label { display: block; font-size: .9375rem; }
  .fields .tick { display: flex; align-items: center; gap: .5rem; }
  select, input[type='number'] { display: block; width: 100%; min-height: 2.75rem; margin-top: .25rem; padding: .375rem .625rem; border: 1px solid #76828f; border-radius: .5rem; color: inherit; background: #fff; font: inherit; }
  input[type='checkbox'] { width: 1.375rem; height: 1.375rem; accent-color: var(--go-dark); }
  .acts { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; }
  .acts button { width: auto; min-height: 2.75rem; margin: 0; padding: .5rem 1rem; font-size: 1rem; }
  .one { padding: 1rem 0; border-top: 1px solid var(--line); }
  .one:first-of-type { border-top: 0; }
  .one p { margin: 0; overflow-wrap: anywhere; }
  .one form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; }
  .one select { width: auto; flex: 1 1 12rem; margin: 0; }
  .one button { width: auto; min-height: 2.75rem; margin: 0; padding: .375rem 1rem; font-size: 1rem; }
  .ill { color: #8a1f11; font-weight: 600; }
`);

export function page(title: string, language: Language, path: string, body: Html, wide = false): Html {
  const words = wordsOf(language);
  const other = language === 'zh' ? 'en' : 'zh';
  return html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <div class="mark">
          <span>${words.sandbox} · ${words.notReal}</span>
          <a href="${path}?lang=${other}">${words.otherLanguage}</a>
        </div>
        <main class="${wide ? 'wide' : ''}">${body}</main>
      </body>
    </html>`;
}

/** Fen as yuan with two places, `19.90`. */
export const yuan = (fen: number): string => `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

export const stateWords: Record<TradeState, keyof Words> = {
  NOTPAY: 'waiting',
  SUCCESS: 'paid',
  CLOSED: 'closed',
  REFUND: 'refunded',
};

interface PayPageFacts {
  readonly merchant: string;
  /** The bank has just said no; it can be tried again. */
  readonly isRefused: boolean;
}

export function payPage(payment: PaymentRow, { merchant, isRefused }: PayPageFacts, language: Language): Html {
  const words = wordsOf(language);
  const path = `/pay/${payment.prepay_id}`;
  const back = payment.return_url;
  return page(
    words.sandboxPay,
    language,
    path,
    html`<h1>${words.sandboxPay}</h1>
      <div class="card">
        <p class="amount"><small>¥</small>${yuan(payment.total)}</p>
        <dl>
          <dt>${words.payTo}</dt>
          <dd>${merchant}</dd>
          <dt>${words.item}</dt>
          <dd>${payment.description}</dd>
          <dt>${words.order}</dt>
          <dd>${payment.out_trade_no}</dd>
        </dl>
        ${
          payment.trade_state === 'NOTPAY'
            ? html`${isRefused ? html`<p class="refused" role="alert">${words.refused}</p>` : ''}
                <form method="post" action="${path}?lang=${language}">
                  <button class="go">${words.pay} ¥${yuan(payment.total)}</button>
                </form>`
            : html`<p class="state" role="status">${words[stateWords[payment.trade_state]]}</p>`
        }
        ${back === null ? '' : html`<a class="button quiet" href="${back}">${payment.trade_state === 'NOTPAY' ? words.cancel : words.back}</a>`}
      </div>`,
  );
}

export function noticePage(message: string, language: Language): Html {
  return page(wordsOf(language).sandbox, language, '/', html`<h1>${message}</h1>`);
}

type ListedPayment = PaymentRow & { readonly refunded: number };

export function indexPage(
  payments: readonly ListedPayment[],
  callbacks: ReadonlyMap<string, CallbackRow>,
  language: Language,
): Html {
  const words = wordsOf(language);
  const row = (payment: ListedPayment) => {
    const callback = callbacks.get(payment.prepay_id);
    return html`<tr>
      <td>${localTime(payment.created_at, language)}</td>
      <td><a href="/pay/${payment.prepay_id}?lang=${language}">${payment.description}</a></td>
      <td>${payment.out_trade_no}</td>
      <td class="number">¥${yuan(payment.total)}</td>
      <td>${words[stateWords[payment.trade_state]]}${payment.refunded > 0 ? ` ¥${yuan(payment.refunded)}` : ''}</td>
      <td>${callback ? `${callback.last_answer ?? '…'} × ${callback.attempts}` : ''}</td>
    </tr>`;
  };
  const heads = [words.time, words.item, words.order, words.amount, words.state, words.callback];
  return page(
    words.payments,
    language,
    '/',
    html`<h1>${words.payments}</h1>
      <p>
        <a href="/sms?lang=${language}">${words.smsInbox}</a> · <a href="/faults?lang=${language}">${words.faults}</a>
      </p>
      <div class="card scroll" tabindex="0" role="region" aria-label="${words.payments}">
        ${
          payments.length === 0
            ? html`<p class="note">${words.none}</p>`
            : html`<table>
                <thead>
                  <tr>
                    ${heads.map((head) => html`<th scope="col">${head}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${payments.map(row)}
                </tbody>
              </table>`
        }
      </div>`,
    true,
  );
}

export function smsPage(messages: readonly SmsRow[], language: Language): Html {
  const words = wordsOf(language);
  return page(
    words.smsInbox,
    language,
    '/sms',
    html`<h1>${words.smsInbox}</h1>
      <p class="note">${words.smsNote}</p>
      <ul class="sms" id="sms" aria-live="polite" data-language="${language}" data-none="${words.none}">
        ${
          messages.length === 0
            ? html`<li class="note">${words.none}</li>`
            : messages.map(
                ({ phone, text, at }) =>
                  html`<li>
                    <b>${phone} · ${localTime(at, language)}</b>
                    <p>${text}</p>
                  </li>`,
              )
        }
      </ul>
      <script src="/sms.js" defer></script>`,
  );
}

/** Keeps the list of messages fresh; plain script, as the page needs no more. */
export const smsScript = `
const list = document.getElementById('sms');
let shown = '';
const item = ({ phone, text, at }) => {
  const li = document.createElement('li');
  const head = document.createElement('b');
  const body = document.createElement('p');
  head.textContent = phone + ' · ' + new Intl.DateTimeFormat(list.dataset.language, { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Asia/Shanghai' }).format(at);
  body.textContent = text;
  li.append(head, body);
  return li;
};
async function refresh() {
  try {
    const text = await (await fetch('/sms.json')).text();
    if (text !== shown && JSON.parse(text).items.length > 0) list.replaceChildren(...JSON.parse(text).items.map(item));
    shown = text;
  } catch {
    // the sandbox is away; the next round asks again
  }
  setTimeout(refresh, 1000);
}
refresh();
`;

export function localTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: 'Asia/Shanghai',
  }).format(at);
}
