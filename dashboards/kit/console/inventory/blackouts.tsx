import type { Blackout } from '@gatecast/cloud-api/client';
import { App, Button, Form, Input, Modal, type FormInstance } from 'antd';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useWords } from '../../i18n/language-context.tsx';
import { problemSentence } from '../../i18n/problem-sentence.ts';
import { dayText } from '../../local-moment.ts';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { LoadMore } from '../load-more.tsx';
import { useInventoryWords } from './inventory-words.ts';
import './inventory.css';

const minuteMs = 60_000;
const refreshed = ['GET /v1/blackouts', 'GET /v1/communities/:id/selling'] as const;

interface BlackoutsProps {
  /** Null: the whole network. */
  readonly communityId: string | null;
  /** Whether days of the whole network may be opened again here. */
  readonly isOperator: boolean;
}

/** Days on which nothing paid is shown: those of a community stand with the network's. */
export function Blackouts({ communityId, isOperator }: BlackoutsProps) {
  const m = useInventoryWords();
  const query = communityId === null ? {} : { communityId };
  const pages = useReadPages('GET /v1/blackouts', { query });
  return (
    <section className="card">
      <div className="section-head">
        <h2>{m.blackouts}</h2>
        <AddBlackout communityId={communityId} />
      </div>
      <p className="soft">{m.blackoutsHint}</p>
      <LoadedPages pages={pages} empty={<p className="soft">{m.blackoutsNone}</p>}>
        {(blackouts) => (
          <ul className="blackout-rows">
            {blackouts.map((blackout) => (
              <BlackoutRow
                key={blackout.id}
                blackout={blackout}
                mayLift={isOperator || blackout.communityId !== null}
              />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </section>
  );
}

function BlackoutRow({ blackout, mayLift }: { readonly blackout: Blackout; readonly mayLift: boolean }) {
  const m = useInventoryWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const lift = useWrite('POST /v1/blackouts/:id/lift', refreshed);
  const days = m.days(blackout.firstDay, blackout.lastDay);
  // The row is gone before this is answered.
  const press = (): void =>
    void lift.mutateAsync({ params: { id: blackout.id } }).then(
      () => message.success(m.lifted),
      (error: unknown) => message.error(problemSentence(error, kit)),
    );
  return (
    <li className="blackout-row">
      <p>
        <b className="digits">{days}</b> <span className="badge">{blackout.communityName ?? m.whole}</span>
        <br />
        <span className="soft">{blackout.reason}</span>
      </p>
      {mayLift && (
        <Button size="large" loading={lift.isPending} onClick={press} aria-label={`${m.lift} ${days}`}>
          {m.lift}
        </Button>
      )}
    </li>
  );
}

interface Days {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly reason: string;
}

function AddBlackout({ communityId }: { readonly communityId: string | null }) {
  const m = useInventoryWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const [isOpen, setOpen] = useState(false);
  const add = useWrite('POST /v1/blackouts', refreshed);
  const today = dayText(useNow(minuteMs), homeZone);
  const open = (): void => {
    add.reset();
    setOpen(true);
  };
  const submit = (days: Days): void =>
    add.mutate(
      { body: { ...days, communityId } },
      {
        onSuccess: () => {
          void message.success(m.saved);
          setOpen(false);
        },
      },
    );
  const required = [{ required: true, message: kit.requiredField }];
  const inOrder = ({ getFieldValue }: Pick<FormInstance<Days>, 'getFieldValue'>) => ({
    validator: (_rule: unknown, lastDay: string) =>
      !lastDay || lastDay >= String(getFieldValue('firstDay') ?? '')
        ? Promise.resolve()
        : Promise.reject(new Error(m.daysWrong)),
  });
  return (
    <>
      <Button size="large" onClick={open}>
        {m.addBlackout}
      </Button>
      <Modal
        open={isOpen}
        title={m.addBlackout}
        footer={null}
        width={480}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <Form<Days> name="blackout" layout="vertical" size="large" requiredMark={false} onFinish={submit}>
          <p className="notice is-warn blackout-reach">{communityId === null ? m.reachAll : m.reachOne}</p>
          <div className="decision-pair">
            <Form.Item name="firstDay" label={m.firstDay} rules={required}>
              <Input type="date" min={today} />
            </Form.Item>
            <Form.Item name="lastDay" label={m.lastDay} dependencies={['firstDay']} rules={[...required, inOrder]}>
              <Input type="date" min={today} />
            </Form.Item>
          </div>
          <Form.Item name="reason" label={m.reason} rules={required}>
            <Input maxLength={200} placeholder={m.reasonPlaceholder} />
          </Form.Item>
          <div className="stack">
            <ProblemNotice error={add.error} />
            <Button type="primary" htmlType="submit" block loading={add.isPending}>
              {m.save}
            </Button>
          </div>
        </Form>
      </Modal>
    </>
  );
}
