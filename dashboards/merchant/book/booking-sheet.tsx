import type { Booking, Campaign, Community, Slot } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useBookWords } from './book-words.ts';
import { HeldCard } from './held-bookings.tsx';
import { OutcomeCard } from './paid-booking.tsx';
import { bookingPriceFen, clampTouches, mostTouches, suggestedTouches } from './touches.ts';
import { useHoldSlot } from './use-hold-slot.ts';

interface BookingSheetProps {
  readonly campaign: Campaign;
  readonly community: Community;
  /** The chosen half-hour; null while none is. */
  readonly slot: Slot | null;
  readonly onClose: () => void;
}

/** How many touches of the chosen half-hour, what they cost, and holding them. */
export function BookingSheet({ campaign, community, slot, onClose }: BookingSheetProps) {
  const formats = useFormats();
  const title = slot ? `${formats.date(slot.at, community.zone)} ${formats.halfHour(slot.at, community.zone)}` : '';
  return (
    <Dialog open={slot !== null} title={title} onClose={onClose}>
      {slot && <TouchChoice key={slot.at} campaign={campaign} community={community} slot={slot} />}
    </Dialog>
  );
}

type TouchChoiceProps = Omit<BookingSheetProps, 'slot' | 'onClose'> & { readonly slot: Slot };

const firstTouches = 50;

function TouchChoice({ campaign, community, slot }: TouchChoiceProps) {
  const words = useBookWords();
  const formats = useFormats();
  const [wanted, setWanted] = useState(firstTouches);
  const [held, setHeld] = useState<Booking | null>(null);
  const { hold, busy, error } = useHoldSlot(setHeld);
  if (held) return <Held booking={held} zone={community.zone} onAgain={() => setHeld(null)} />;

  const touches = clampTouches(wanted, slot);
  const price = formats.money(bookingPriceFen(touches, slot));
  return (
    <div className="stack">
      <p className="row spread soft">
        <span>
          {campaign.name} · {community.name}
        </span>
        <span className="digits">{words.expected(formats.number(slot.forecastTouches))}</span>
      </p>
      <TouchSlider slot={slot} touches={touches} onChange={setWanted} />
      <p className="row spread booking-total">
        <span className="soft digits">
          {formats.number(touches)} × {formats.money(slot.touchPriceFen)}
        </span>
        <span aria-live="polite">
          {words.total} <strong className="digits">{price}</strong>
        </span>
      </p>
      <ProblemNotice error={error} />
      <button
        type="button"
        className="button is-primary is-large is-wide"
        disabled={busy || !slot.bookable}
        onClick={() => hold({ campaignId: campaign.id, communityId: community.id, at: slot.at, touches })}
      >
        {busy ? words.holding : words.hold(price)}
      </button>
    </div>
  );
}

interface HeldProps {
  readonly booking: Booking;
  readonly zone: string;
  readonly onAgain: () => void;
}

/** What was held here, as the cloud tells of it since: it may be paid on another device, or run out while the sheet is open. */
function Held({ booking, zone, onAgain }: HeldProps) {
  const { data: now = booking } = useRead('GET /v1/bookings/:id', { params: { id: booking.id } });
  if (now.status === 'held' || now.status === 'expired')
    return <HeldCard booking={now} zone={zone} onAgain={onAgain} />;
  return <OutcomeCard booking={now} />;
}

interface TouchSliderProps {
  readonly slot: Slot;
  readonly touches: number;
  readonly onChange: (touches: number) => void;
}

function TouchSlider({ slot, touches, onChange }: TouchSliderProps) {
  const words = useBookWords();
  const formats = useFormats();
  const most = mostTouches(slot);
  return (
    <>
      <label className="field">
        <span className="row spread field-label">
          {words.howManyTouches}
          <span className="soft digits">{words.freeTouches(formats.number(slot.freeTouches))}</span>
        </span>
        <input
          className="input touch-count digits"
          type="number"
          inputMode="numeric"
          min={1}
          max={most}
          value={touches}
          onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
        />
      </label>
      <input
        className="touch-range"
        type="range"
        min={1}
        max={most}
        value={touches}
        aria-label={words.howManyTouches}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <div className="touch-suggestions">
        {suggestedTouches(slot).map((each) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={each === touches}
            onClick={() => onChange(each)}
          >
            {each === most ? `${words.all} ${formats.number(each)}` : formats.number(each)}
          </button>
        ))}
      </div>
    </>
  );
}
