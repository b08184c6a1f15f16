import { Checkbox, Form, Input, Select } from 'antd';
import type { Resident } from '@gatecast/cloud-api/client';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { GuardianPicker } from './guardian-picker.tsx';
import { openSecondsChoices, type ResidentForm } from './resident-form.ts';

interface ResidentFieldsProps {
  readonly communityId: string;
  /** Whose fields they are; null for somebody new. */
  readonly resident: Resident | null;
}

const relations = ['owner', 'tenant', 'family', 'landlord'] as const;

/** The fields about one resident, inside an antd form of {@link ResidentForm}. */
export function ResidentFields({ communityId, resident }: ResidentFieldsProps) {
  const m = useMessages().residents;
  const { kit } = useWords();
  const required = { required: true, message: kit.requiredField };
  return (
    <>
      <Form.Item name="name" label={m.name} rules={[required]}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <PhoneField resident={resident} />
      <div className="row form-pair">
        <Form.Item name="building" label={m.building} extra={m.buildingHint} rules={[required]}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item
          name="unit"
          label={m.unit}
          extra={m.unitHint}
          rules={[required, { pattern: /^\d{1,6}$/, message: m.unitFormat }]}
        >
          <Input inputMode="numeric" maxLength={6} />
        </Form.Item>
      </div>
      <div className="row form-pair">
        <RelationField />
        <LeaseField />
      </div>
      <Form.Item name="openSeconds" label={m.longerOpening} extra={m.longerOpeningHint}>
        <Select
          options={openSecondsChoices.map((seconds) => ({
            value: seconds,
            label: seconds === 0 ? m.openAsDoor : m.openFor(seconds),
          }))}
        />
      </Form.Item>
      <Form.Item name="isChild" valuePropName="checked" extra={m.isChildHint}>
        <Checkbox>{m.isChild}</Checkbox>
      </Form.Item>
      <GuardianField communityId={communityId} resident={resident} />
    </>
  );
}

/** A child under somebody's care may have none. */
function PhoneField({ resident }: { readonly resident: Resident | null }) {
  const m = useMessages().residents;
  const { kit } = useWords();
  const isChild = Form.useWatch<boolean | undefined>('isChild') ?? false;
  const known = resident !== null && resident.phoneMasked !== '';
  return (
    <Form.Item
      name="phone"
      label={known ? m.newPhone : m.phone}
      extra={known ? m.newPhoneHint(resident.phoneMasked) : undefined}
      rules={[
        { required: !known && !isChild, message: kit.requiredField },
        { pattern: /^1[3-9]\d{9}$/, message: m.phoneFormat },
      ]}
    >
      <Input inputMode="numeric" maxLength={11} autoComplete="off" />
    </Form.Item>
  );
}

function RelationField() {
  const m = useMessages().residents;
  const relation = Form.useWatch<ResidentForm['relation'] | undefined>('relation') ?? 'owner';
  return (
    <Form.Item name="relation" label={m.relationLabel} extra={m.relationHint[relation]}>
      <Select options={relations.map((value) => ({ value, label: m.relation[value] }))} />
    </Form.Item>
  );
}

function LeaseField() {
  const m = useMessages().residents;
  const relation = Form.useWatch<ResidentForm['relation'] | undefined>('relation');
  if (relation !== 'tenant') return null;
  return (
    <Form.Item name="leaseEndsOn" label={m.leaseEndsOn} extra={m.leaseHint}>
      <Input type="date" />
    </Form.Item>
  );
}

function GuardianField({ communityId, resident }: ResidentFieldsProps) {
  const m = useMessages().residents;
  const { kit } = useWords();
  const isChild = Form.useWatch<boolean | undefined>('isChild') ?? false;
  if (!isChild) return null;
  return (
    <Form.Item
      name="guardianId"
      label={m.guardian}
      extra={m.guardianHint}
      rules={[{ required: true, message: kit.requiredField }]}
    >
      <GuardianPicker communityId={communityId} notId={resident?.id ?? null} />
    </Form.Item>
  );
}
