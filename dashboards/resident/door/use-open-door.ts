import { useEffect, useState } from 'react';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { newIdempotencyKey } from '../../kit/api/idempotency-key.ts';
import { rememberLastDoor } from './known-doors.ts';
import { openingOf, refusedOpening, type Opening } from './opening.ts';

/** Live events tell each step at once; this is for when they cannot come through. */
const pollMs = 700;
/** A command lives ten seconds: whoever has heard nothing by then has to look at the door. */
const patienceMs = 13_000;
/** As long as somebody needs to look up and push. */
const openedShownMs = 8_000;

export interface OpenDoor {
  /** What is or was pressed last; null before. */
  readonly entranceId: string | null;
  readonly opening: Opening;
  readonly open: (entranceId: string) => void;
}

/** Opens one door at a time and follows its command to the end. */
export function useOpenDoor(): OpenDoor {
  const [entranceId, setEntranceId] = useState<string | null>(null);
  const [impatient, setImpatient] = useState(false);
  const send = useWrite('POST /v1/me/doors/:id/open');
  const opening = useOutcome(send, impatient);
  const { reset } = send;

  useEffect(() => {
    if (opening.kind === 'idle' || opening.kind === 'failed') return;
    if (opening.kind === 'opened') navigator.vibrate?.(80);
    const timer =
      opening.kind === 'opened' ? setTimeout(reset, openedShownMs) : setTimeout(setImpatient, patienceMs, true);
    return () => clearTimeout(timer);
  }, [opening.kind, reset]);

  function open(id: string): void {
    if (opening.kind === 'opening') return;
    setEntranceId(id);
    setImpatient(false);
    rememberLastDoor(id);
    // A key of its own for each press: who presses again stands before a shut door and does not want the answer of a minute ago.
    send.mutate({ params: { id }, idempotencyKey: newIdempotencyKey() });
  }
  return { entranceId, opening, open };
}

function useOutcome(send: ReturnType<typeof useWrite<'POST /v1/me/doors/:id/open'>>, impatient: boolean): Opening {
  const sent = send.data;
  const [over, setOver] = useState<string | null>(null);
  const isFollowed = sent !== undefined && over !== sent.id && !impatient;
  const { data: command = sent } = useRead(
    'GET /v1/me/commands/:id',
    { params: { id: sent?.id ?? '' } },
    { enabled: isFollowed, refetchInterval: isFollowed ? pollMs : false },
  );
  if (send.isPending) return impatient ? unsure : { kind: 'opening' };
  if (send.error) return refusedOpening(send.error);
  if (!command) return { kind: 'idle' };
  const opening = openingOf(command);
  if (opening.kind !== 'opening' && over !== command.id) setOver(command.id);
  return opening.kind === 'opening' && impatient ? unsure : opening;
}

const unsure: Opening = { kind: 'failed', advice: 'unsure' };
