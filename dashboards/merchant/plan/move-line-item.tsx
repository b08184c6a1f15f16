import type { Booking } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { instant, localTime } from '../../kit/zone.ts';
import { useCommunityZone } from '../use-community-zone.ts';
import { useLineItemWords } from './line-item-words.ts';
import { movedFrom, type Move } from './move.ts';
import { PlaceList } from './place-list.tsx';
import { useNear } from './use-near.ts';
import './plan.css';

/** Takes what a line item still owes to other communities, days or hours, at the price that was agreed. */
export function MoveLineItem({ booking, onDone }: { readonly booking: Booking; readonly onDone: () => void }) {
  const words = useLineItemWords();
  const { clock } = useApi();
  const zone = useCommunityZone()(booking.communityId);
  const around = useNear();
  const change = useWrite('PATCH /v1/bookings/:id', [
    'GET /v1/bookings',
    'GET /v1/bookings/:id/progress',
    'GET /v1/slots',
  ]);
  const today = localTime(instant(clock.now()), zone).date;
  const dateOf = (at: number): string => localTime(instant(at), zone).date;
  const [move, setMove] = useState<Move>(() => ({
    communityIds: booking.communityIds,
    firstDay: [dateOf(booking.at), today].toSorted().at(-1) ?? today,
    lastDay: dateOf(booking.toAt - 1),
    keepsHours: true,
  }));
  const targeting = movedFrom(booking, move);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (targeting) change.mutate({ params: { id: booking.id }, body: { targeting } }, { onSuccess: onDone });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p className="soft">{words.moveHint}</p>
      <LoadedOver query={around} heights={[160]}>
        {(places) => (
          <PlaceList
            {...places}
            chosen={move.communityIds}
            onChange={({ communityIds = [] }) => setMove({ ...move, communityIds })}
          />
        )}
      </LoadedOver>
      <Field
        label={words.moveFrom}
        type="date"
        min={today}
        value={move.firstDay}
        onChange={(event) => setMove({ ...move, firstDay: event.currentTarget.value })}
      />
      <Field
        label={words.moveTo}
        type="date"
        min={move.firstDay}
        value={move.lastDay}
        onChange={(event) => setMove({ ...move, lastDay: event.currentTarget.value })}
      />
      <label className="field">
        <span className="field-label">{words.moveHours}</span>
        <select
          className="input"
          value={move.keepsHours ? 'keep' : 'any'}
          onChange={(event) => setMove({ ...move, keepsHours: event.currentTarget.value === 'keep' })}
        >
          <option value="keep">{words.moveKeepHours}</option>
          <option value="any">{words.moveAnyHours}</option>
        </select>
      </label>
      <ProblemNotice error={change.error} />
      <button type="submit" className="button is-primary is-wide" disabled={!targeting || change.isPending}>
        {words.moveDo}
      </button>
    </form>
  );
}
