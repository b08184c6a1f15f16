import { Select } from 'antd';
import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { useSettled } from '../../kit/use-settled.ts';
import { useMessages } from '../messages/zh.ts';

interface GuardianPickerProps {
  readonly communityId: string;
  /** Nobody is their own guardian. */
  readonly notId: string | null;
  readonly id?: string;
  readonly value?: string | null;
  readonly onChange?: (id: string) => void;
}

const shownMax = 20;

/** Finds an adult of the community by name or unit. */
export function GuardianPicker({ communityId, notId, id, value, onChange }: GuardianPickerProps) {
  const m = useMessages();
  const [text, setText] = useState('');
  const search = useSettled(text.trim());
  const { data: found } = useRead('GET /v1/communities/:id/residents', {
    params: { id: communityId },
    query: { limit: shownMax, state: 'active', ...(search && { search }) },
  });
  const { data: chosen } = useRead(
    'GET /v1/residents/:id',
    { params: { id: value ?? '' } },
    { enabled: Boolean(value) },
  );
  const adults = (found?.items ?? []).filter((each) => !each.isChild && each.id !== notId);
  const offered = chosen && !adults.some((each) => each.id === chosen.id) ? [chosen, ...adults] : adults;
  return (
    <Select
      {...(id !== undefined && { id })}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={m.residents.guardianPick}
      value={value ?? null}
      {...(onChange && { onChange })}
      options={offered.map((each) => ({
        value: each.id,
        label: `${each.name} · ${each.building} ${m.log.unit(each.unit)}`,
      }))}
    />
  );
}
