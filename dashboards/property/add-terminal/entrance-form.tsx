import { Button, Checkbox, Form, Input, Segmented, Select } from 'antd';
import type { Entrance, Terminal } from '@gatecast/cloud-api/client';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useAddTerminalPageWords, type AddTerminalPageWords } from './words.ts';

export interface Placed {
  readonly entranceId: string;
  readonly name: string;
  readonly replace: boolean;
}

interface EntranceFormProps {
  readonly communityId: string;
  /** The machine shows the digits. */
  readonly mayInstall: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (placed: Placed) => void;
}

interface Fields {
  entranceId: string;
  entranceName?: string;
  placement: Entrance['placement'];
  name: string;
  agreed?: boolean;
}

const fresh = 'new';
const listMax = 200;

/** Where the terminal is: an entrance that is there, one that has a terminal already, or a new one. */
export function EntranceForm({ communityId, mayInstall, busy, error, onSubmit }: EntranceFormProps) {
  const m = useAddTerminalPageWords();
  const { kit } = useWords();
  const [form] = Form.useForm<Fields>();
  const params = { id: communityId };
  const entrances = useRead('GET /v1/communities/:id/entrances', { params, query: { limit: listMax } });
  const { items: terminals } = useReadPages('GET /v1/terminals', { query: { communityId, limit: listMax } });
  const make = useWrite('POST /v1/communities/:id/entrances', ['GET /v1/communities/:id/entrances']);
  const chosen = Form.useWatch('entranceId', form);
  const serving = terminals.find((one) => one.entranceId === chosen && one.status === 'active');
  const known = terminals.find((one) => one.entranceId === chosen);
  const rules = [{ required: true, message: kit.requiredField }];

  const submit = async ({ entranceId, entranceName = '', placement, name }: Fields): Promise<void> => {
    const placed = { name: known?.name ?? name, replace: serving !== undefined };
    if (entranceId !== fresh) return onSubmit({ entranceId, ...placed });
    const body = { name: entranceName, placement };
    make.mutate(
      { params, body },
      {
        onSuccess: ({ id }) => {
          // Asked again after a failure, it is there already.
          form.setFieldValue('entranceId', id);
          onSubmit({ entranceId: id, ...placed });
        },
      },
    );
  };

  return (
    <Form
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ placement: 'unit-door' }}
      onFinish={(fields) => void submit(fields)}
    >
      <Form.Item name="entranceId" label={m.entrance} rules={rules}>
        <Select
          loading={entrances.isFetching}
          options={[...optionsOf(entrances.data?.items ?? [], terminals, m), { value: fresh, label: m.newEntrance }]}
        />
      </Form.Item>
      {chosen === fresh && <NewEntrance m={m} rules={rules} />}
      {serving && <Replace name={serving.name} m={m} />}
      {!known && (
        <Form.Item name="name" label={m.name} extra={m.nameHint} rules={rules}>
          <Input maxLength={60} />
        </Form.Item>
      )}
      <div className="stack">
        <ProblemNotice error={make.error ?? error} />
        <Button type="primary" htmlType="submit" block disabled={!mayInstall} loading={busy || make.isPending}>
          {m.same}
        </Button>
        {!mayInstall && <p className="soft">{m.waitingScreen}</p>}
      </div>
    </Form>
  );
}

/** Those without a terminal first. */
function optionsOf(entrances: readonly Entrance[], terminals: readonly Terminal[], m: AddTerminalPageWords) {
  const serving = new Map(terminals.filter(({ status }) => status === 'active').map((one) => [one.entranceId, one]));
  const options = entrances.map(({ id, name }) => {
    const taken = serving.get(id);
    return { value: id, label: taken ? `${name}（${m.taken(taken.name)}）` : name, isTaken: taken !== undefined };
  });
  return options
    .toSorted((a, b) => Number(a.isTaken) - Number(b.isTaken))
    .map(({ value, label }) => ({ value, label }));
}

interface PartProps {
  readonly m: AddTerminalPageWords;
}

function NewEntrance({ m, rules }: PartProps & { readonly rules: { required: boolean; message: string }[] }) {
  const options = (Object.keys(m.placements) as Entrance['placement'][]).map((value) => ({
    value,
    label: m.placements[value],
  }));
  return (
    <>
      <Form.Item name="entranceName" label={m.newEntranceName} extra={m.newEntranceNameHint} rules={rules}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="placement" label={m.placement}>
        <Segmented block options={options} />
      </Form.Item>
    </>
  );
}

function Replace({ name, m }: PartProps & { readonly name: string }) {
  return (
    <div className="notice is-warn stack replace">
      <b>{m.replaceTitle(name)}</b>
      <p>{m.replaceText}</p>
      <Form.Item
        name="agreed"
        valuePropName="checked"
        noStyle
        rules={[{ validator: (_, agreed) => (agreed ? Promise.resolve() : Promise.reject(new Error(m.replaceAgree))) }]}
      >
        <Checkbox>{m.replaceAgree}</Checkbox>
      </Form.Item>
    </div>
  );
}
