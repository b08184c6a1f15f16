import { Form, Select } from 'antd';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { AccountFields, PartyForm, TextField } from './party-form.tsx';
import { PartyList } from './party-list.tsx';

interface NewMerchant {
  name: string;
  owner: { name: string; email: string; password: string };
  store: { name: string; address: string; communityId: string; hours: string };
}
const listMax = 200;

export function Merchants() {
  const m = useMessages().parties;
  const pages = useReadPages('GET /v1/merchants', { query: {} });
  return (
    <PartyList
      pages={pages}
      icon="shop"
      empty={m.noMerchants}
      add={m.addMerchant}
      nameOf={(merchant) => merchant.name}
      keyOf={(merchant) => merchant.id}
      about={(merchant) => merchant.stores.map(({ name, address }) => `${name} · ${address}`).join('；')}
      renderForm={(close) => <MerchantForm onDone={close} />}
    />
  );
}

function MerchantForm({ onDone }: { readonly onDone: () => void }) {
  const m = useMessages().parties;
  const { kit } = useWords();
  const { items: communities } = useReadPages('GET /v1/communities', { query: { limit: listMax } });
  const create = useWrite('POST /v1/merchants', ['GET /v1/merchants']);
  return (
    <PartyForm<NewMerchant> write={create} onSubmit={(body) => create.mutateAsync({ body })} onDone={onDone}>
      <TextField name="name" label={m.merchantName} />
      <AccountFields at="owner" />
      <TextField name={['store', 'name']} label={m.storeName} />
      <TextField name={['store', 'address']} label={m.storeAddress} max={120} />
      <Form.Item
        name={['store', 'communityId']}
        label={m.community}
        rules={[{ required: true, message: kit.requiredField }]}
      >
        <Select options={communities.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <TextField name={['store', 'hours']} label={m.storeHours} hint={m.storeHoursHint} />
    </PartyForm>
  );
}
