import type { Alarm } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useFocusBack } from '../../kit/use-focus-back.ts';
import { useMessages } from '../messages/use-messages.ts';

interface TakeDialogProps {
  readonly alarm: Alarm;
  readonly onClose: () => void;
}

const noteCharsMax = 200;

/** Takes an alarm, with a word on what was done: from a row of ready ones, or typed. */
export function TakeDialog({ alarm, onClose }: TakeDialogProps) {
  const words = useMessages();
  const [note, setNote] = useState('');
  const take = useWrite('POST /v1/alarms/:id/ack', ['GET /v1/alarms', 'GET /v1/terminals']);
  useFocusBack();
  function submit(event: FormEvent): void {
    event.preventDefault();
    const text = note.trim();
    take.mutate({ params: { id: alarm.id }, body: text === '' ? {} : { note: text } }, { onSuccess: onClose });
  }
  return (
    <Dialog open title={`${words.kinds[alarm.kind]} · ${alarm.entranceName}`} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="quick-notes">
          {words.quickNotes.map((quick) => (
            <button
              key={quick}
              type="button"
              className="button"
              aria-pressed={note === quick}
              onClick={() => setNote(quick)}
            >
              {quick}
            </button>
          ))}
        </p>
        <Field
          label={words.note}
          maxLength={noteCharsMax}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <ProblemNotice error={take.error} />
        <button type="submit" className="button is-primary is-large is-wide" disabled={take.isPending}>
          {words.handleNow}
        </button>
      </form>
    </Dialog>
  );
}
