import type { MerchantProfile } from '@gatecast/cloud-api/client';
import { App, Button, Modal, Radio } from 'antd';
import { useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useInventoryPageWords } from './page-words.ts';

type Contact = NonNullable<MerchantProfile['contactCheck']>['how'];
const contacts: readonly Contact[] = ['phone', 'visit', 'papers'];

/** Says yes to a store, and how it was made sure that whoever signed up is that store: a licence's photo is easily somebody else's. */
export function ApproveMerchant({ merchant }: { readonly merchant: MerchantProfile }) {
  const m = useInventoryPageWords();
  const { name, missing } = merchant;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        type="primary"
        size="large"
        disabled={missing.length > 0}
        aria-label={`${m.approve} ${name}`}
        onClick={() => setOpen(true)}
      >
        {m.approve}
      </Button>
      <Modal
        open={isOpen}
        title={m.approveTitle(name)}
        footer={null}
        width={480}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <ContactForm merchant={merchant} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function ContactForm({ merchant, onDone }: { readonly merchant: MerchantProfile; readonly onDone: () => void }) {
  const m = useInventoryPageWords();
  const { message } = App.useApp();
  const { id, name, owner } = merchant;
  const [contact, setContact] = useState<Contact | null>(null);
  const approve = useWrite('POST /v1/merchants/:id/approve', ['GET /v1/merchant-applications', 'GET /v1/merchants']);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (contact === null) return;
    approve.mutate(
      { params: { id }, body: { contact } },
      {
        onSuccess: () => {
          void message.success(m.approved(name));
          onDone();
        },
      },
    );
  };
  return (
    <form className="stack" onSubmit={submit}>
      {owner && (
        <p>
          {m.owner} <b>{owner.name}</b> {owner.email}
        </p>
      )}
      <fieldset className="field">
        <legend>{m.contact}</legend>
        <Radio.Group
          className="reject-reasons"
          value={contact}
          onChange={(event) => setContact(event.target.value as Contact)}
          options={contacts.map((value) => ({ value, label: m.contacts[value] }))}
        />
      </fieldset>
      <p className="soft">{m.contactHint}</p>
      <ProblemNotice error={approve.error} />
      <Button type="primary" size="large" htmlType="submit" disabled={contact === null} loading={approve.isPending}>
        {m.approve}
      </Button>
    </form>
  );
}
