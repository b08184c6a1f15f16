import { html } from 'hono/html';
import { localTime, page, stateWords, yuan } from './pages.ts';
import { tradeNoOf } from './payment-words.ts';
import { sound, type ProviderState } from './provider-state.ts';
import { callbackModes, paymentFaults, refundOutcomes } from './requests.ts';
import type { PaymentRow } from './store.ts';
import { wordsOf, type Language, type Words } from './words.ts';

interface FaultPageFacts {
  readonly state: Readonly<ProviderState>;
  readonly payments: readonly PaymentRow[];
}

/** The page on which somebody lets the provider go wrong. */
export function faultPage({ state, payments }: FaultPageFacts, language: Language) {
  const words = wordsOf(language);
  const isSound = JSON.stringify(state) === JSON.stringify(sound);
  return page(
    words.faults,
    language,
    '/faults',
    html`<h1>${words.faults}</h1>
      <p class="note">${words.faultsNote}</p>
      <p><a href="/?lang=${language}">${words.payments}</a></p>
      <p class="${isSound ? 'note' : 'ill'}" role="status">${isSound ? words.sound : words.ill}</p>
      <section class="card">
        <h2>${words.ofAll}</h2>
        ${providerForm(state, words, language)}
      </section>
      <section class="card">
        <h2>${words.openRefunds}</h2>
        <form class="acts" method="post" action="/faults/refunds?lang=${language}">
          <button class="go" name="status" value="SUCCESS">${words.endDone}</button>
          <button class="quiet" name="status" value="ABNORMAL">${words.endAbnormal}</button>
        </form>
      </section>
      <section class="card">
        <h2>${words.ofOne}</h2>
        <p class="note">${words.ofOneNote}</p>
        ${payments.length === 0 ? html`<p class="note">${words.none}</p>` : payments.map((one) => ofOne(one, words, language))}
      </section>`,
    true,
  );
}

function providerForm(state: Readonly<ProviderState>, words: Words, language: Language) {
  const choice = (name: string, label: string, options: readonly (readonly [string, string])[], chosen: string) =>
    html`<label
      >${label}<select name="${name}">
        ${options.map(([value, text]) => html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${text}</option>`)}
      </select></label
    >`;
  const number = (name: string, label: string, value: number) =>
    html`<label>${label}<input type="number" name="${name}" min="0" max="50" required value="${value}" /></label>`;
  const modes = callbackModes.options.map((mode) => [mode, words[`callbacks-${mode}`]] as const);
  const outcomes = refundOutcomes.options.map((outcome) => [outcome, words[`refunds-${outcome}`]] as const);
  const keys = (['public-key', 'certificate'] as const).map((mode) => [mode, words[`signs-${mode}`]] as const);
  return html`<form method="post" action="/faults?lang=${language}">
      <div class="fields">
        ${choice('callbacks', words.callbacks, modes, state.callbacks)}
        ${choice('refunds', words.refunds, outcomes, state.refunds)}
        ${choice('signsWith', words.signsWith, keys, state.signsWith)}
        ${number('missing', words.billMissing, state.bill.missing)}
        ${number('added', words.billAdded, state.bill.added)}
        ${number('changed', words.billChanged, state.bill.changed)}
        <label class="tick"
          ><input type="checkbox" name="bankRefuses" ${state.bankRefuses ? 'checked' : ''} />${words.bankRefuses}</label
        >
      </div>
      <div class="acts"><button class="go">${words.apply}</button></div>
    </form>
    <form class="acts" method="post" action="/faults/none?lang=${language}">
      <button class="quiet">${words.allSound}</button>
    </form>`;
}

function ofOne(payment: PaymentRow, words: Words, language: Language) {
  const { prepay_id, description, total, trade_state, created_at } = payment;
  return html`<div class="one">
    <p>${description} · ¥${yuan(total)} · ${words[stateWords[trade_state]]}</p>
    <p class="note">${tradeNoOf(payment)} · ${localTime(created_at, language)}</p>
    <form method="post" action="/faults/payments/${prepay_id}?lang=${language}">
      <select name="fault" aria-label="${words.faultOf}: ${description}">
        ${paymentFaults.options.map((fault) => html`<option value="${fault}">${words[`fault-${fault}`]}</option>`)}
      </select>
      <button class="quiet" aria-label="${words.plant}: ${description}">${words.plant}</button>
    </form>
  </div>`;
}
