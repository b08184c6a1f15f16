import type { Campaign, Community } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useApi, useRead } from '../../kit/api/api-context.tsx';
import { clockText } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import type { Choice } from './choice.ts';
import type { Near } from './place-order.ts';
import { usePlanWords } from './plan-words.ts';
import { quoted, type Quoted } from './quoted-suggestion.ts';
import { suggest, type WeekCell } from './suggestion.ts';
import { timesOf, tradeOfCategory, trades, type Trade } from './trade-hours.ts';
import type { Wanted } from './use-quote.ts';

interface BudgetFormProps {
  readonly near: readonly Near<Community>[];
  readonly week: readonly WeekCell[];
  readonly choice: Choice;
  readonly campaign: Campaign | null;
  readonly onSuggest: (part: Partial<Choice>) => void;
}

/** A budget and what the store lives on become some ways to spend it, each with its exact price; a tap takes one. */
export function BudgetForm({ near, week, choice, campaign, onSuggest }: BudgetFormProps) {
  const words = usePlanWords();
  const { client } = useApi();
  const [yuan, setYuan] = useState('');
  const [trade, setTrade] = useTrade(campaign);
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<readonly Quoted[] | null>(null);
  const [error, setError] = useState<unknown>(null);

  async function spend(): Promise<readonly Quoted[]> {
    const budgetFen = Math.floor(Number(yuan) * 100);
    const places = near.map(({ place }) => place);
    const ask = (body: Wanted) => client('POST /v1/quotes', { body });
    const all = suggest(budgetFen, week, places, trade).map((one) => quoted(one, budgetFen, choice, campaign?.id, ask));
    return (await Promise.all(all)).filter((one) => one !== null);
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    setFound(null);
    spend()
      .then(setFound, setError)
      .finally(() => setBusy(false));
  };
  return (
    <form className="card stack-tight" onSubmit={submit}>
      <h2 className="section-title">{words.budgetTitle}</h2>
      <Field
        label={words.budget}
        type="number"
        inputMode="decimal"
        min={1}
        max={1_000_000}
        step="any"
        required
        value={yuan}
        onChange={(event) => setYuan(event.currentTarget.value)}
      />
      <TradeSelect trade={trade} onChange={setTrade} />
      <button type="submit" className="button is-primary" disabled={busy || week.length === 0}>
        {busy ? words.asking : words.suggest}
      </button>
      <div className="stack-tight" aria-live="polite">
        {found?.length === 0 && <p className="notice is-warn">{words.noSuggestion}</p>}
        {found?.map((one) => (
          <SuggestionButton key={one.suggestion.kind} quoted={one} onTake={() => onSuggest(one.part)} />
        ))}
      </div>
      <ProblemNotice error={error} />
    </form>
  );
}

/** What the campaign's clip is for, until the merchant says what it sells. */
function useTrade(campaign: Campaign | null): [Trade, (trade: Trade) => void] {
  const [said, setSaid] = useState<Trade | null>(null);
  const clip = useRead('GET /v1/clips/:id', { params: { id: campaign?.clipId ?? '' } }, { enabled: campaign !== null });
  return [said ?? tradeOfCategory(clip.data?.category ?? null), setSaid];
}

function TradeSelect({ trade, onChange }: { readonly trade: Trade; readonly onChange: (trade: Trade) => void }) {
  const words = usePlanWords();
  return (
    <label className="field">
      <span className="field-label">{words.trade}</span>
      <select
        className="input"
        value={trade}
        onChange={({ currentTarget }) => onChange(trades.find((each) => each === currentTarget.value) ?? 'any')}
      >
        {trades.map((each) => (
          <option key={each} value={each}>
            {words.trades[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

const timesShown = 3;

function SuggestionButton({ quoted: one, onTake }: { readonly quoted: Quoted; readonly onTake: () => void }) {
  const words = usePlanWords();
  const formats = useFormats();
  const { suggestion, quote } = one;
  const times = timesOf(suggestion.cells);
  const shown = times.slice(0, timesShown).map((span) => `${clockText(span.fromMinute)}–${clockText(span.toMinute)}`);
  return (
    <button type="button" className="chip suggestion" onClick={onTake}>
      <strong>{words.kinds[suggestion.kind]}</strong>
      <span className="digits">
        {words.suggested(suggestion.communityIds.length, suggestion.days)} · {shown.join(' ')}
        {times.length > timesShown ? ' …' : ''}
      </span>
      <span className="row spread digits">
        <span>{words.canHave(formats.number(quote.availableTouches))}</span>
        <strong>{formats.money(quote.priceFen)}</strong>
      </span>
      <span className="suggestion-take">{words.takeIt}</span>
    </button>
  );
}
