import type { Booking } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useApi, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { Field } from '../../kit/ui/field.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Failed, ProblemNotice } from '../../kit/ui/states.tsx';
import { instant, localTime } from '../../kit/zone.ts';
import { useCommunityZone } from '../use-community-zone.ts';
import { useLineItemWords } from './line-item-words.ts';
import { movedFrom, type Move } from './move.ts';
import './plan.css';

const rows = 200;

/** Takes what a line item still owes to other communities, days or hours, at the price that was agreed. */
export function MoveLineItem({ booking, onDone }: { readonly booking: Booking; readonly onDone: () => void }) {
  const words = useLineItemWords();
  const { clock } = useApi();
  const zone = useCommunityZone()(booking.communityId);
  const communities = useAllPages(useReadPages('GET /v1/communities', { query: { limit: rows } }), rows);
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
  if (communities.query.error && communities.items.length === 0)
    return <Failed error={communities.query.error} retry={communities.query.refetch} />;
  if (communities.query.isLoading) return <Bones heights={[160, 48]} />;
  return (
    <form className="stack" onSubmit={submit}>
      <p className="soft">{words.moveHint}</p>
      <Places all={communities.items} move={move} onChange={setMove} />
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

interface PlacesProps {
  readonly all: readonly { readonly id: string; readonly name: string }[];
  readonly move: Move;
  readonly onChange: (move: Move) => void;
}

function Places({ all, move, onChange }: PlacesProps) {
  const words = useLineItemWords();
  const { communityIds } = move;
  const toggle = (id: string): void =>
    onChange({
      ...move,
      communityIds: communityIds.includes(id) ? communityIds.filter((each) => each !== id) : [...communityIds, id],
    });
  return (
    <fieldset className="place-list" aria-label={words.movePlaces}>
      {all.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          className="chip"
          aria-pressed={communityIds.includes(id)}
          onClick={() => toggle(id)}
        >
          <strong>{name}</strong>
        </button>
      ))}
    </fieldset>
  );
}
