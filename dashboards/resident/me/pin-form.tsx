import { useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useWaysInWords } from './ways-in-words.ts';

interface PinFormProps {
  readonly endpoint: 'PUT /v1/residents/:id/pin' | 'PUT /v1/residents/:id/duress-pin';
  readonly residentId: string;
  /** On the button that opens the form. */
  readonly action: string;
  /** On the button that takes the PIN away, where it may be. */
  readonly removal?: string;
}

const reads = ['GET /v1/me/profile', 'GET /v1/me/credentials'] as const;

/** A PIN typed twice. It goes to the cloud once, which forgets it; nothing here keeps it either. */
export function PinForm({ endpoint, residentId, action, removal }: PinFormProps) {
  const words = useWaysInWords();
  const [isOpen, setIsOpen] = useState(false);
  const save = useWrite(endpoint, reads);
  const remove = useWrite('DELETE /v1/residents/:id/duress-pin', reads);
  const params = { id: residentId };
  if (isOpen) {
    return (
      <PinFields
        error={save.error}
        busy={save.isPending}
        onPin={(pin) => save.mutate({ params, body: { pin } }, { onSuccess: () => setIsOpen(false) })}
      />
    );
  }
  return (
    <>
      {save.isSuccess && <output className="notice is-good">{words.saved}</output>}
      <ProblemNotice error={remove.error} />
      <div className="row">
        <button type="button" className="button" onClick={() => setIsOpen(true)}>
          {action}
        </button>
        {removal !== undefined && (
          <button
            type="button"
            className="button"
            disabled={remove.isPending}
            onClick={() => remove.mutate({ params })}
          >
            {removal}
          </button>
        )}
      </div>
    </>
  );
}

interface PinFieldsProps {
  readonly error: unknown;
  readonly busy: boolean;
  readonly onPin: (pin: string) => void;
}

const pinPattern = /^\d{6,8}$/;
const pinDigitsMax = 8;
const onlyDigits = (text: string): string => text.replace(/\D/g, '');

function PinFields({ error, busy, onPin }: PinFieldsProps) {
  const words = useWaysInWords();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setIsTried] = useState(false);
  const isPin = pinPattern.test(pin);
  function submit(event: FormEvent): void {
    event.preventDefault();
    setIsTried(true);
    if (isPin && pin === again) onPin(pin);
  }
  const common = { type: 'password', inputMode: 'numeric', autoComplete: 'off', maxLength: pinDigitsMax } as const;
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <Field
        {...common}
        label={words.newPin}
        hint={words.newPinHint}
        fault={isTried && !isPin ? words.pinFault : null}
        value={pin}
        onChange={(event) => setPin(onlyDigits(event.currentTarget.value))}
      />
      <Field
        {...common}
        label={words.newPinAgain}
        fault={isTried && isPin && pin !== again ? words.pinDiffers : null}
        value={again}
        onChange={(event) => setAgain(onlyDigits(event.currentTarget.value))}
      />
      <ProblemNotice error={error} />
      <button type="submit" className="button is-primary is-large is-wide" disabled={busy}>
        {words.save}
      </button>
    </form>
  );
}
