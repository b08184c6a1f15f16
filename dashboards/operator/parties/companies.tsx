import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { AccountFields, PartyForm, TextField } from './party-form.tsx';
import { PartyList } from './party-list.tsx';

interface NewCompany {
  name: string;
  manager: { name: string; email: string; password: string };
}

export function Companies() {
  const m = useMessages().parties;
  const pages = useReadPages('GET /v1/property-companies', { query: {} });
  return (
    <PartyList
      pages={pages}
      icon="key"
      empty={m.noCompanies}
      add={m.addCompany}
      nameOf={(company) => company.name}
      keyOf={(company) => company.id}
      about={() => null}
      renderForm={(close) => <CompanyForm onDone={close} />}
    />
  );
}

function CompanyForm({ onDone }: { readonly onDone: () => void }) {
  const m = useMessages().parties;
  const create = useWrite('POST /v1/property-companies', ['GET /v1/property-companies']);
  return (
    <PartyForm<NewCompany> write={create} onSubmit={(body) => create.mutateAsync({ body })} onDone={onDone}>
      <TextField name="name" label={m.companyName} />
      <AccountFields at="manager" />
    </PartyForm>
  );
}
