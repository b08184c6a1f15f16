import { Checkbox, Radio } from 'antd';
import { useRead } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/zh.ts';

const entrancesShownMax = 200;

interface WhichDoorsProps {
  readonly communityId: string;
  /** Null: all of them, those to come included. */
  readonly chosen: string[] | null;
  readonly onChange: (chosen: string[] | null) => void;
}

export function WhichDoors({ communityId, chosen, onChange }: WhichDoorsProps) {
  const m = useMessages().passes;
  const { data } = useRead('GET /v1/communities/:id/entrances', {
    params: { id: communityId },
    query: { limit: entrancesShownMax },
  });
  return (
    <fieldset className="field">
      <legend>{m.which}</legend>
      <Radio.Group
        size="large"
        optionType="button"
        buttonStyle="solid"
        value={chosen === null ? 'all' : 'some'}
        onChange={(event) => onChange(event.target.value === 'all' ? null : [])}
        options={[
          { value: 'all', label: m.allDoors },
          { value: 'some', label: m.someDoors },
        ]}
      />
      {chosen && (
        <Checkbox.Group
          value={chosen}
          options={data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          onChange={onChange}
        />
      )}
    </fieldset>
  );
}
