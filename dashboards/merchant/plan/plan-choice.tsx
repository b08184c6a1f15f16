import type { Booking, Campaign, Community } from '@gatecast/cloud-api/client';
import { useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { Bones, LoadedOver } from '../../kit/ui/skeleton.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { instant, localTime } from '../../kit/zone.ts';
import { BudgetForm } from './budget-form.tsx';
import { choiceOf, dayAfter, emptyChoice, wantedOf, type Choice } from './choice.ts';
import { PlaceList } from './place-list.tsx';
import { usePlanWords } from './plan-words.ts';
import { QuoteBar, QuoteDetails } from './quote-bar.tsx';
import type { WeekCell } from './suggestion.ts';
import { Terms } from './terms.tsx';
import { UnsoldPlaces } from './unsold-places.tsx';
import { useHoldPlan } from './use-hold-plan.ts';
import { useNear, type Around } from './use-near.ts';
import { useQuote } from './use-quote.ts';
import { useWeek } from './use-week.ts';
import { WeekGrid } from './week-grid.tsx';
import { dayPartsMax, dayPartsOf } from './windows.ts';
import './plan.css';

const noCells: readonly WeekCell[] = [];
const lookMs = 60_000;

/** Several communities and half-hours of the week at once, from a budget or by hand; without a campaign one may look and ask the price. */
export function PlanChoice({ campaign }: { readonly campaign: Campaign | null }) {
  const words = usePlanWords();
  const around = useNear();
  const again = useBookedBefore();
  if (again.isLoading) return <Bones heights={[160, 320]} />;
  return (
    <LoadedOver query={around} heights={[160, 320]}>
      {({ near, ...place }) => {
        const [home] = near;
        if (!home && place.unsold.length > 0) return <UnsoldPlaces places={place.unsold} />;
        if (!home) return <Empty icon="shop" title={words.noCommunities} />;
        return <Plan campaign={campaign} again={again.data ?? null} near={near} home={home.place} {...place} />;
      }}
    </LoadedOver>
  );
}

/** The booking that the address wants chosen again; none where it is not ours, or gone. */
function useBookedBefore() {
  const id = new URLSearchParams(useSearch()).get('again');
  return useRead('GET /v1/bookings/:id', { params: { id: id ?? '' } }, { enabled: id !== null });
}

interface PlanProps extends Around {
  readonly campaign: Campaign | null;
  readonly home: Community;
  /** What was chosen for it is where one begins. */
  readonly again: Booking | null;
}

function Plan(props: PlanProps) {
  const words = usePlanWords();
  const [held, setHeld] = useState<Booking | null>(null);
  // What is held stands on top of the page, with the way to the payment.
  const onHeld = (booking: Booking): void => {
    setHeld(booking);
    scrollTo({ top: 0 });
  };
  if (!held) return <Chosen {...props} onHeld={onHeld} />;
  return (
    <button type="button" className="button is-wide" onClick={() => setHeld(null)}>
      {words.chooseMore}
    </button>
  );
}

function Chosen({
  campaign,
  near,
  home,
  unsold,
  ownId,
  isPlaced,
  again,
  onHeld,
}: PlanProps & { onHeld: (booking: Booking) => void }) {
  const words = usePlanWords();
  const now = useNow(lookMs);
  const asked = useWeek(home.id, home.zone, now);
  const week = asked.data ?? noCells;
  const [choice, setChoice] = useState<Choice>(() => {
    const today = localTime(instant(now), home.zone).date;
    return { ...emptyChoice(home.id, dayAfter(today, 1)), ...(again && choiceOf(again, home.zone, today)) };
  });
  const wanted = wantedOf(choice, campaign?.id);
  const { quote, isOld, error, askAgain } = useQuote(wanted);
  const holding = useHoldPlan(wanted, onHeld, askAgain);
  const change = (part: Partial<Choice>): void => setChoice((before) => ({ ...before, ...part }));
  const isRagged = dayPartsOf(choice.cells).length > dayPartsMax;
  const hold = (): void => {
    if (campaign && quote) holding.hold({ campaignId: campaign.id, priceFenMax: quote.priceFen });
  };
  const top = useRef<HTMLDivElement>(null);
  // What is wanted again was far above on the page, or on another one.
  useEffect(() => {
    if (again) top.current?.scrollIntoView();
  }, [again]);
  return (
    <div className="stack" ref={top}>
      <BudgetForm near={near} week={week} choice={choice} campaign={campaign} onSuggest={change} />
      <PlaceList
        near={near}
        unsold={unsold}
        ownId={ownId}
        isPlaced={isPlaced}
        chosen={choice.communityIds}
        onChange={change}
      />
      <LoadedOver query={asked} heights={[320]}>
        {() => (
          <WeekGrid
            week={week}
            cells={choice.cells}
            onChange={(edit) => setChoice((before) => ({ ...before, cells: edit(before.cells) }))}
          />
        )}
      </LoadedOver>
      {isRagged && <p className="notice is-warn">{words.tooMany}</p>}
      <Terms choice={choice} onChange={change} />
      {quote && !error ? <QuoteDetails quote={quote} choice={choice} onTake={change} /> : null}
      <QuoteBar
        quote={error ? undefined : quote}
        isOld={isOld}
        isAsked={wanted !== null}
        error={holding.error ?? error}
        onHold={campaign ? hold : null}
        isHolding={holding.busy}
        product={choice.product}
      />
    </div>
  );
}
