import { useId, type InputHTMLAttributes, type ReactNode } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly fault?: string | null;
}

/** An input with its label, a hint and what is wrong with it, tied together for screen readers. */
export function Field({ label, hint, fault, ...input }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} className="input" aria-invalid={Boolean(fault)} aria-describedby={noteId} />
      <span id={noteId} className={fault ? 'fault' : 'hint'} role={fault ? 'alert' : undefined}>
        {fault ?? hint}
      </span>
    </div>
  );
}
