import { App, Button, Modal, Slider } from 'antd';
import type { Endpoints } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import { useCommandWords, type CommandWords } from './command-words.ts';

export type Order = Endpoints['POST /v1/terminals/:id/commands']['body'];

interface OrderButtonsProps {
  readonly disabled: boolean;
  readonly busy: boolean;
  readonly mayOpen: boolean;
  readonly mayRestartMachine: boolean;
  readonly onOrder: (order: Order) => void;
}

const usualVolumePercent = 50;

const plain: readonly { readonly icon: IconName; readonly order: Order }[] = [
  { icon: 'camera', order: { kind: 'capture-screenshot' } },
  { icon: 'list', order: { kind: 'pull-logs', maxKb: 128 } },
  { icon: 'screen', order: { kind: 'identify' } },
  { icon: 'wifi', order: { kind: 're-sync' } },
];

/** What can be asked of a terminal. What people at the door notice is asked twice. */
export function OrderButtons({ disabled, busy, mayOpen, mayRestartMachine, onOrder }: OrderButtonsProps) {
  const m = useCommandWords();
  const { modal } = App.useApp();
  const [asksVolume, setAsksVolume] = useState(false);
  const confirm = (what: 'agent' | 'machine'): void =>
    void modal.confirm({
      ...rebootWords(m, what),
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => onOrder({ kind: 'reboot', what }),
    });
  const confirmOpening = (): void =>
    void modal.confirm({
      title: m.openTitle,
      content: m.openText,
      okText: m.kinds.open,
      cancelText: m.cancel,
      onOk: () => onOrder({ kind: 'open' }),
    });
  const shared = { size: 'large', disabled: disabled || busy } as const;
  return (
    <div className="order-buttons">
      {mayOpen && (
        <Button {...shared} icon={<Icon name="key" />} onClick={confirmOpening}>
          {m.kinds.open}
        </Button>
      )}
      {plain.map(({ icon, order }) => (
        <Button key={order.kind} {...shared} icon={<Icon name={icon} />} onClick={() => onOrder(order)}>
          {m.kinds[order.kind]}
        </Button>
      ))}
      <Button {...shared} icon={<Icon name="volume" />} onClick={() => setAsksVolume(true)}>
        {m.kinds['test-speaker']}
      </Button>
      <Button {...shared} danger icon={<Icon name="power" />} onClick={() => confirm('agent')}>
        {m.kinds.reboot}
      </Button>
      {mayRestartMachine && (
        <Button {...shared} danger icon={<Icon name="power" />} onClick={() => confirm('machine')}>
          {m.rebootMachine}
        </Button>
      )}
      {asksVolume && (
        <AskVolume
          onClose={() => setAsksVolume(false)}
          onPlay={(volumePercent) => {
            setAsksVolume(false);
            onOrder({ kind: 'test-speaker', volumePercent });
          }}
        />
      )}
    </div>
  );
}

const rebootWords = (m: CommandWords, what: 'agent' | 'machine') =>
  what === 'agent'
    ? { title: m.rebootTitle, content: m.rebootText, okText: m.kinds.reboot }
    : { title: m.machineTitle, content: m.machineText, okText: m.rebootMachine };

interface AskVolumeProps {
  readonly onPlay: (volumePercent: number) => void;
  readonly onClose: () => void;
}

function AskVolume({ onPlay, onClose }: AskVolumeProps) {
  const m = useCommandWords();
  const [percent, setPercent] = useState(usualVolumePercent);
  return (
    <Modal
      open
      title={m.toneTitle}
      okText={m.play}
      cancelText={m.cancel}
      width={440}
      onOk={() => onPlay(percent)}
      onCancel={onClose}
    >
      <p>{m.toneText}</p>
      <p className="row tone-volume">
        <span>{m.toneVolume}</span>
        <b className="digits">{percent}%</b>
      </p>
      <Slider min={10} max={100} step={10} value={percent} ariaLabelForHandle={m.toneVolume} onChange={setPercent} />
    </Modal>
  );
}
