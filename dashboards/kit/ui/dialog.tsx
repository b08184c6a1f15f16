import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useWords } from '../i18n/language-context.tsx';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A native modal dialog: the browser keeps the focus inside, Escape closes it. On a phone it comes up from below. */
export function Dialog({ open, title, onClose, children }: DialogProps) {
  const { kit } = useWords();
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (open && dialog && !dialog.open) dialog.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog ref={element} className="dialog is-sheet" aria-labelledby={titleId} onClose={onClose}>
      <header>
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="button is-quiet" aria-label={kit.close} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      {open && children}
    </dialog>
  );
}
