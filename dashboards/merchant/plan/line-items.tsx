import type { Booking, Endpoints } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { ExpectedPart } from '../../kit/result/expected-part.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunityZone } from '../use-community-zone.ts';
import { HalfHours } from './half-hours.tsx';
import { LineItemActions } from './line-item-actions.tsx';
import { LineItemDays } from './line-item-days.tsx';
import { cancelledLine, isListed, spansSeveral } from './line-item-sums.ts';
import { useLineItemWords } from './line-item-words.ts';
import './plan.css';

const rows = 200;
const lookMs = 30_000;
/** Each asks the cloud how far it is. */
const perLook = 5;

/** What was bought: how far it is, and what can be done about it. Nothing where nothing was. */
export function LineItems() {
  const words = useLineItemWords();
  const now = useNow(lookMs);
  const [shown, setShown] = useState(perLook);
  const { items } = useReadPages('GET /v1/bookings', { query: { limit: rows } });
  const bought = items.filter((booking) => isListed(booking, now));
  const several = bought.filter(spansSeveral);
  const halfHours = bought.filter((booking) => !spansSeveral(booking));
  if (several.length + halfHours.length === 0) return null;
  return (
    <section className="stack" id="bought">
      <h2 className="section-title">{words.title}</h2>
      {several.slice(0, shown).map((booking) => (
        <LineItem key={booking.id} booking={booking} />
      ))}
      {several.length > shown && (
        <button type="button" className="button is-wide" onClick={() => setShown(shown + perLook)}>
          {words.more(several.length - shown)}
        </button>
      )}
      {halfHours.length > 0 && <HalfHours bookings={halfHours.toSorted((a, b) => a.at - b.at)} />}
    </section>
  );
}

function LineItem({ booking }: { readonly booking: Booking }) {
  const words = useLineItemWords();
  const formats = useFormats();
  const zone = useCommunityZone()(booking.communityId);
  const query = useRead('GET /v1/bookings/:id/progress', { params: { id: booking.id } });
  const cancelled = cancelledLine(booking);
  const span = words.span(
    formats.date(booking.at, zone),
    formats.date(booking.toAt - 1, zone),
    booking.communityIds.length,
  );
  return (
    <article className="card stack">
      <header className="row spread">
        <h3>{booking.campaignName}</h3>
        <strong className="digits">{formats.money(booking.priceFen)}</strong>
      </header>
      <p className="soft digits">{span}</p>
      {booking.dayCapTouches !== null && (
        <p className="soft digits">{words.cappedAt(formats.number(booking.dayCapTouches))}</p>
      )}
      <div className="stack" aria-live="polite">
        {cancelled && <p className="notice">{words.cancelled[cancelled.state](formats.money(cancelled.fen))}</p>}
      </div>
      {booking.status !== 'refunded' && (
        <LoadedOver query={query} heights={[48, 32]}>
          {(progress) => <Progress booking={booking} progress={progress} zone={zone} />}
        </LoadedOver>
      )}
      {booking.status === 'paid' && !cancelled && <LineItemActions booking={booking} />}
    </article>
  );
}

type Done = Endpoints['GET /v1/bookings/:id/progress']['result'];
interface ProgressProps {
  readonly booking: Booking;
  readonly progress: Done;
  readonly zone: string;
}

function Progress({ booking, progress, zone }: ProgressProps) {
  const words = useLineItemWords();
  const formats = useFormats();
  const { unit, boughtTouches, verifiedTouches, outlook } = progress;
  const isRunning = booking.cancelledAt === null;
  return (
    <>
      <label className="stack-tight">
        <span className="digits">
          {words.delivered[booking.product](formats.number(verifiedTouches), formats.number(boughtTouches))}
        </span>
        <progress
          className="progress is-good"
          max={Math.max(1, boughtTouches)}
          value={Math.min(verifiedTouches, boughtTouches)}
        />
      </label>
      {booking.segment !== 'all' && unit === 'touches' && <ExpectedPart segments={[booking.segment]} />}
      {isRunning && <State booking={booking} state={progress.state} />}
      {isRunning && outlook && (
        <p className="soft digits">
          {words.outlook[unit](formats.number(outlook.lowTouches), formats.number(outlook.highTouches))}
        </p>
      )}
      {progress.makeGoods.map(({ no, reason, missingTouches, fromAt, toAt }) => (
        <p key={no} className="notice digits">
          {words.makeGood[unit](
            formats.number(missingTouches),
            formats.date(fromAt, zone),
            formats.date(toAt - 1, zone),
          )}{' '}
          <span className="soft">({words.makeGoodReasons[reason]})</span>
        </p>
      ))}
      {isRunning && progress.refundedFen > 0 && <p>{words.refunded(formats.money(progress.refundedFen))}</p>}
      {unit === 'touches' && <LineItemDays days={progress.days} />}
    </>
  );
}

function State({ booking, state }: { readonly booking: Booking; readonly state: Done['state'] }) {
  const words = useLineItemWords();
  if (booking.pausedBy === 'operator')
    return <p className="notice is-warn">{words.pausedByOperator(booking.pausedReason ?? words.states.paused)}</p>;
  return <p>{words.states[state]}</p>;
}
