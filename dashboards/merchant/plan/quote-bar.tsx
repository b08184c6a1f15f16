import type { Quote } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useOnline } from '../../kit/use-online.ts';
import { restOf, taken, type Choice } from './choice.ts';
import { usePlanWords } from './plan-words.ts';

interface QuoteBarProps {
  readonly quote: Quote | undefined;
  readonly isOld: boolean;
  readonly isAsked: boolean;
  readonly error: unknown;
  /** Null: there is no campaign to hold for yet. */
  readonly onHold: (() => void) | null;
  readonly isHolding: boolean;
  readonly product: Choice['product'];
}

/** Where what could be had instead is told. */
const insteadId = 'instead';

/** What it costs and how much is certain, always in sight; an old answer is dimmed while the new one is worked out. */
export function QuoteBar(bar: QuoteBarProps) {
  const { quote, isOld, isAsked, error, product } = bar;
  const words = usePlanWords();
  const formats = useFormats();
  const online = useOnline();
  const says = { touches: words.canHave, share: words.canShare, 'ten-people': words.canReach }[product];
  const price = quote ? formats.money(quote.priceFen) : '';
  const isEnough =
    quote !== undefined && quote.availableTouches >= quote.requestedTouches && quote.availableTouches > 0;
  return (
    <section className="quote-bar card" aria-live="polite">
      {!online && <p className="notice is-warn">{words.offline}</p>}
      <ProblemNotice error={error} />
      {quote && isAsked ? (
        <p className={isOld ? 'row spread quote-line is-old' : 'row spread quote-line'}>
          <span className="digits">
            {isEnough
              ? says(formats.number(quote.availableTouches))
              : words.short(
                  words.amount[product](formats.number(quote.availableTouches)),
                  formats.number(quote.requestedTouches),
                )}
          </span>
          {isEnough && <strong className="digits">{price}</strong>}
        </p>
      ) : (
        <p className="soft">{isAsked ? words.asking : words.chooseFirst}</p>
      )}
      <WhatNext bar={bar} isEnough={isEnough} />
    </section>
  );
}

/** Holding it; where there is too little, the way to what could be had; without a campaign, the way to one. */
function WhatNext({ bar, isEnough }: { readonly bar: QuoteBarProps; readonly isEnough: boolean }) {
  const words = usePlanWords();
  const formats = useFormats();
  const online = useOnline();
  const { quote, isOld, isAsked, onHold, isHolding } = bar;
  if (!onHold)
    return (
      <Link href="/clips" className="button is-primary is-large is-wide">
        {words.needClip}
      </Link>
    );
  if (!isAsked) return null;
  if (quote && !isEnough)
    return (
      <a href={`#${insteadId}`} className="button is-large is-wide">
        {words.seeInstead}
      </a>
    );
  return (
    <button
      type="button"
      className="button is-primary is-large is-wide"
      disabled={!isEnough || isOld || isHolding || !online}
      onClick={onHold}
    >
      {isHolding ? words.holding : words.hold(quote ? formats.money(quote.priceFen) : '')}
    </button>
  );
}

/** What the numbers of a quote rest on: people who agreed, or people who are expected. */
function Expected({ quote, choice }: { readonly quote: Quote; readonly choice: Choice }) {
  const words = usePlanWords();
  const formats = useFormats();
  if (quote.unit === 'people') {
    if (quote.poolAtLeast === null) return <p className="notice is-warn">{words.noPool}</p>;
    return <p className="soft digits">{words.pool(formats.number(quote.poolAtLeast))}</p>;
  }
  return (
    <div className="soft digits">
      {choice.product === 'touches' && choice.dayCap !== null && <p>{words.cappedAt(formats.number(choice.dayCap))}</p>}
      <p>{words.expected(formats.number(quote.expectedLow), formats.number(quote.expectedHigh))}</p>
      {choice.segment !== 'all' && quote.plays > 0 && <p>{words.plays(formats.number(quote.plays))}</p>}
    </div>
  );
}

interface Taking {
  readonly onTake: (part: Partial<Choice>) => void;
}

/** What fell out and why, and what else could be had. */
export function QuoteDetails({
  quote,
  choice,
  onTake,
}: {
  readonly quote: Quote;
  readonly choice: Choice;
} & Taking) {
  const words = usePlanWords();
  const formats = useFormats();
  const { left } = quote;
  return (
    <div className="stack quote-details" id={insteadId}>
      <Expected quote={quote} choice={choice} />
      {left.length > 0 && (
        <section className="stack-tight">
          <h2 className="section-title">{words.left}</h2>
          <ul className="stack-tight">
            {left.map(({ reason, communities, halfHours }) => (
              <li key={reason} className="row spread soft digits">
                <span>{words.reasons[reason] ?? words.otherReason}</span>
                <span>{words.leftCount(formats.number(communities), formats.number(halfHours))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Instead quote={quote} choice={choice} onTake={onTake} />
    </div>
  );
}

interface Offer {
  readonly name: string;
  readonly availableTouches: number;
  readonly priceFen: number;
  readonly part: Partial<Choice>;
}

/** Where there is too little: what is left of it, and what else would be enough. A tap chooses it, and it is quoted. */
function Instead({ quote, choice, onTake }: { readonly quote: Quote; readonly choice: Choice } & Taking) {
  const words = usePlanWords();
  const formats = useFormats();
  const rest = restOf(choice, quote);
  const offers: Offer[] = [
    ...(rest ? [{ ...quote, name: words.takeRest, part: rest }] : []),
    ...quote.alternatives.map((one) => ({ ...one, name: words.ways[one.kind], part: taken(one) })),
  ];
  if (offers.length === 0) return null;
  return (
    <section className="stack-tight">
      <h2 className="section-title">{words.instead}</h2>
      <div className="place-list offers">
        {offers.map(({ name, availableTouches, priceFen, part }) => (
          <button key={name} type="button" className="chip" onClick={() => onTake(part)}>
            <strong>{name}</strong>
            <span className="digits">
              {words.take(words.amount[choice.product](formats.number(availableTouches)), formats.money(priceFen))}
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
