import type { Booking } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useCommunityZone } from '../use-community-zone.ts';
import { useLineItemWords } from './line-item-words.ts';
import { MoveLineItem } from './move-line-item.tsx';
import { refundOutlookFen, spansSeveral } from './line-item-sums.ts';

const rows = 200;
const written = ['GET /v1/bookings', 'GET /v1/bookings/:id/progress', 'GET /v1/slots'] as const;

/** What was bought over several half-hours: how far it is, and what can be done about it. Nothing where nothing was. */
export function LineItems() {
  const words = useLineItemWords();
  const { items } = useReadPages('GET /v1/bookings', { query: { limit: rows } });
  const bought = items.filter((booking) => spansSeveral(booking) && ['paid', 'ended'].includes(booking.status));
  if (bought.length === 0) return null;
  return (
    <section className="stack">
      <h2 className="section-title">{words.title}</h2>
      {bought.map((booking) => (
        <LineItem key={booking.id} booking={booking} />
      ))}
    </section>
  );
}

function LineItem({ booking }: { readonly booking: Booking }) {
  const words = useLineItemWords();
  const formats = useFormats();
  const zone = useCommunityZone()(booking.communityId);
  const query = useRead('GET /v1/bookings/:id/progress', { params: { id: booking.id } });
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
      <LoadedOver query={query} heights={[48, 32]}>
        {(progress) => (
          <>
            <label className="stack-tight">
              <span className="digits">
                {words.delivered(formats.number(progress.verifiedTouches), formats.number(progress.boughtTouches))}
              </span>
              <progress
                className="progress is-good"
                max={Math.max(1, progress.boughtTouches)}
                value={Math.min(progress.verifiedTouches, progress.boughtTouches)}
              />
            </label>
            <p>{booking.cancelledAt === null ? words.states[progress.state] : words.cancelled}</p>
            {progress.outlook && (
              <p className="soft digits">
                {words.outlook(
                  formats.number(progress.outlook.lowTouches),
                  formats.number(progress.outlook.highTouches),
                )}
              </p>
            )}
            {progress.makeGoods.map(({ no, reason, missingTouches, fromAt, toAt }) => (
              <p key={no} className="notice digits">
                {words.makeGood(
                  formats.number(missingTouches),
                  formats.date(fromAt, zone),
                  formats.date(toAt - 1, zone),
                )}{' '}
                <span className="soft">({words.makeGoodReasons[reason]})</span>
              </p>
            ))}
            {progress.refundedFen > 0 && <p>{words.refunded(formats.money(progress.refundedFen))}</p>}
            <Days days={progress.days} />
          </>
        )}
      </LoadedOver>
      {booking.status === 'paid' && booking.cancelledAt === null && <Actions booking={booking} />}
    </article>
  );
}

interface Day {
  readonly date: string;
  readonly plannedTouches: number;
  readonly verifiedTouches: number;
  readonly filteredPlays: number;
}

function Days({ days }: { readonly days: readonly Day[] }) {
  const words = useLineItemWords();
  const formats = useFormats();
  return (
    <details>
      <summary>{words.byDay}</summary>
      {days.length === 0 ? (
        <p className="soft">{words.noDays}</p>
      ) : (
        <table className="digits">
          <thead>
            <tr>
              {[words.day, words.planned, words.verified, words.filtered].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.date}>
                <th scope="row">{day.date}</th>
                <td>{formats.number(day.plannedTouches)}</td>
                <td>{formats.number(day.verifiedTouches)}</td>
                <td>{formats.number(day.filteredPlays)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function Actions({ booking }: { readonly booking: Booking }) {
  const words = useLineItemWords();
  const change = useWrite('PATCH /v1/bookings/:id', written);
  const [isAsking, setAsking] = useState(false);
  const [isMoving, setMoving] = useState(false);
  const isPaused = booking.pausedAt !== null;
  return (
    <>
      <ProblemNotice error={change.error} />
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={change.isPending}
          onClick={() => change.mutate({ params: { id: booking.id }, body: { paused: !isPaused } })}
        >
          {isPaused ? words.resume : words.pause}
        </button>
        <button type="button" className="button" onClick={() => setMoving(true)}>
          {words.move}
        </button>
        <button type="button" className="button is-quiet" onClick={() => setAsking(true)}>
          {words.cancel}
        </button>
      </div>
      <Dialog open={isMoving} title={words.moveTitle} onClose={() => setMoving(false)}>
        <MoveLineItem booking={booking} onDone={() => setMoving(false)} />
      </Dialog>
      <Dialog open={isAsking} title={words.cancelSure} onClose={() => setAsking(false)}>
        <CancelQuestion booking={booking} onDone={() => setAsking(false)} />
      </Dialog>
    </>
  );
}

function CancelQuestion({ booking, onDone }: { readonly booking: Booking; readonly onDone: () => void }) {
  const words = useLineItemWords();
  const formats = useFormats();
  const cancel = useWrite('POST /v1/bookings/:id/cancel', written);
  const money = formats.money(refundOutlookFen(booking));
  return (
    <div className="stack">
      <p>{booking.deliveredMilli === 0 ? words.cancelUnbegun(money) : words.cancelRunning(money)}</p>
      <ProblemNotice error={cancel.error} />
      <button
        type="button"
        className="button is-danger is-wide"
        disabled={cancel.isPending}
        onClick={() => cancel.mutate({ params: { id: booking.id } }, { onSuccess: onDone })}
      >
        {words.cancelDo}
      </button>
      <button type="button" className="button is-wide" onClick={onDone}>
        {words.keep}
      </button>
    </div>
  );
}
