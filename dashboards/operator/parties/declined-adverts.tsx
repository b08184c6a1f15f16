import { App, Button, Checkbox, Modal } from 'antd';
import type { Category } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { useCategories } from '../review/category-info.ts';
import { useReviewWords } from '../review/review-words.ts';

/** Which adverts a community does not want to see. */
export function DeclinedAdverts({ communityId, name }: { readonly communityId: string; readonly name: string }) {
  const m = useReviewWords();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-label={`${m.declined} ${name}`}>
        {m.declined}
      </Button>
      <Modal open={isOpen} title={`${name} · ${m.declined}`} footer={null} width={480} destroyOnHidden onCancel={close}>
        <DeclinedForm communityId={communityId} onDone={close} />
      </Modal>
    </>
  );
}

function DeclinedForm({ communityId, onDone }: { readonly communityId: string; readonly onDone: () => void }) {
  const path = 'GET /v1/communities/:id/declined-categories';
  const declined = useRead(path, { params: { id: communityId } });
  return (
    <Loaded query={declined}>
      {({ categories }) => <Choices communityId={communityId} before={categories} onDone={onDone} />}
    </Loaded>
  );
}

interface ChoicesProps {
  readonly communityId: string;
  readonly before: readonly Category[];
  readonly onDone: () => void;
}

function Choices({ communityId, before, onDone }: ChoicesProps) {
  const m = useReviewWords();
  const words = useCategoryWords();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState<readonly Category[]>(before);
  const save = useWrite('PUT /v1/communities/:id/declined-categories', ['GET /v1/communities/:id/declined-categories']);
  const shown = useCategories()?.filter(({ standing }) => standing !== 'banned') ?? [];
  const submit = (): void =>
    save.mutate(
      { params: { id: communityId }, body: { categories: [...chosen] } },
      {
        onSuccess: () => {
          void message.success(m.saved);
          onDone();
        },
      },
    );
  return (
    <div className="stack">
      <p className="soft">{m.declinedHint}</p>
      <Checkbox.Group
        className="reject-reasons"
        value={[...chosen]}
        onChange={setChosen}
        options={shown.map(({ category }) => ({ value: category, label: words.categories[category] ?? category }))}
      />
      <ProblemNotice error={save.error} />
      <Button type="primary" size="large" loading={save.isPending} onClick={submit}>
        {m.save}
      </Button>
    </div>
  );
}
