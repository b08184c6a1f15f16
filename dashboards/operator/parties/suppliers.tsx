import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { PartyForm, TextField } from './party-form.tsx';
import { PartyList } from './party-list.tsx';

/** Their people are invited on the page of the team. */
export function Suppliers() {
  const m = useMessages().parties;
  const pages = useReadPages('GET /v1/suppliers', { query: {} });
  return (
    <PartyList
      pages={pages}
      icon="box"
      empty={m.noSuppliers}
      add={m.addSupplier}
      nameOf={(supplier) => supplier.name}
      keyOf={(supplier) => supplier.id}
      about={() => null}
      renderForm={(close) => <SupplierForm onDone={close} />}
    />
  );
}

function SupplierForm({ onDone }: { readonly onDone: () => void }) {
  const m = useMessages().parties;
  const create = useWrite('POST /v1/suppliers', ['GET /v1/suppliers']);
  return (
    <PartyForm<{ name: string }> write={create} onSubmit={(body) => create.mutateAsync({ body })} onDone={onDone}>
      <TextField name="name" label={m.supplierName} />
    </PartyForm>
  );
}
