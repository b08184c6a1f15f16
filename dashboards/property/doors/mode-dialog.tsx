import { Button, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useFocusBack } from '../../kit/use-focus-back.ts';
import { useMessages } from '../messages/zh.ts';

interface ModeDialogProps {
  readonly title: string;
  /** What it means for people at the door, one sentence each. */
  readonly facts: readonly string[];
  /** Lengths to choose from; the usual one is chosen at first. */
  readonly minutes: readonly number[];
  readonly usualMinutes: number;
  readonly confirm: string;
  readonly danger: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onConfirm: (minutes: number) => void;
  readonly onClose: () => void;
}

/** What will happen at the door and for how long, before it happens. */
export function ModeDialog(props: ModeDialogProps) {
  const m = useMessages().doors.modes;
  const { kit } = useWords();
  useFocusBack();
  const [minutes, setMinutes] = useState(props.usualMinutes);
  const lengthText = (length: number): string =>
    length < 60 ? kit.minutes(length) : kit.hoursAndMinutes(Math.floor(length / 60), length % 60);
  return (
    <Modal open title={props.title} footer={null} width={480} destroyOnHidden onCancel={props.onClose}>
      <div className="stack">
        <ModeFacts facts={props.facts} />
        <fieldset className="field">
          <legend>{m.howLong}</legend>
          <Radio.Group
            className="mode-lengths"
            size="large"
            optionType="button"
            buttonStyle="solid"
            value={minutes}
            options={props.minutes.map((length) => ({ value: length, label: lengthText(length) }))}
            onChange={(event) => setMinutes(Number(event.target.value))}
          />
        </fieldset>
        <ProblemNotice error={props.error} />
        <div className="row dialog-actions">
          <Button size="large" onClick={props.onClose}>
            {kit.cancel}
          </Button>
          <Button
            type="primary"
            size="large"
            danger={props.danger}
            loading={props.busy}
            onClick={() => props.onConfirm(minutes)}
          >
            {props.confirm}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

export function ModeFacts({ facts }: { readonly facts: readonly string[] }) {
  return (
    <ul className="mode-facts">
      {facts.map((fact) => (
        <li key={fact}>
          <Icon name="check" size={18} />
          <span>{fact}</span>
        </li>
      ))}
    </ul>
  );
}
