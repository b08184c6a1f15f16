import { useEffect, useState } from 'react';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { newIdempotencyKey } from '../../kit/api/idempotency-key.ts';
import { openingOf, refusedOpening, type DoorOpening } from './door-opening.ts';

/** The second press has to come while one still knows what the first was for. */
const askedMs = 4_000;
/** A command lives ten seconds. */
const patienceMs = 13_000;
const openedShownMs = 6_000;
const pollMs = 700;

/** Opens a door at the second press, and follows the command to its end. */
export function useDoorOpening(terminalId: string): { readonly opening: DoorOpening; readonly press: () => void } {
  const [isAsked, setIsAsked] = useState(false);
  const [isImpatient, setIsImpatient] = useState(false);
  const send = useWrite('POST /v1/terminals/:id/commands');
  const followed = useFollowed(send, isImpatient);
  const opening: DoorOpening = isAsked ? { kind: 'asked' } : followed;
  const { kind } = opening;
  const { reset } = send;

  useEffect(() => {
    const end = {
      asked: { after: askedMs, run: () => setIsAsked(false) },
      opening: { after: patienceMs, run: () => setIsImpatient(true) },
      opened: { after: openedShownMs, run: reset },
    };
    if (kind === 'idle' || kind === 'failed') return;
    const timer = setTimeout(end[kind].run, end[kind].after);
    return () => clearTimeout(timer);
  }, [kind, reset]);

  function press(): void {
    if (kind === 'opening') return;
    if (kind !== 'asked') return setIsAsked(true);
    setIsAsked(false);
    setIsImpatient(false);
    // A key of its own for each press: nobody at a door wants the answer of a minute ago.
    send.mutate({ params: { id: terminalId }, body: { kind: 'open' }, idempotencyKey: newIdempotencyKey() });
  }
  return { opening, press };
}

function useFollowed(
  send: ReturnType<typeof useWrite<'POST /v1/terminals/:id/commands'>>,
  isImpatient: boolean,
): DoorOpening {
  const sent = send.data;
  const [over, setOver] = useState<string | null>(null);
  const isFollowed = sent !== undefined && over !== sent.id && !isImpatient;
  const { data: command = sent } = useRead(
    'GET /v1/commands/:id',
    { params: { id: sent?.id ?? '' } },
    { enabled: isFollowed, refetchInterval: isFollowed ? pollMs : false },
  );
  const unsure: DoorOpening = { kind: 'failed', failure: 'unsure' };
  if (send.isPending) return isImpatient ? unsure : { kind: 'opening' };
  if (send.error) return refusedOpening(send.error);
  if (!command) return { kind: 'idle' };
  const opening = openingOf(command);
  if (opening.kind !== 'opening' && over !== command.id) setOver(command.id);
  return opening.kind === 'opening' && isImpatient ? unsure : opening;
}
