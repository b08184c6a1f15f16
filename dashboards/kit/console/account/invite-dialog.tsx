import { Button, Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useFormats } from '../../i18n/language-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useAccountWords } from './account-words.ts';
import type { InvitableRole } from './team-page.tsx';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The party that an invited person is to stand for, where it is not the inviter's own. */
export interface InvitationPlace {
  readonly field: 'companyId' | 'merchantId' | 'storeId' | 'communityId' | 'supplierId';
  readonly label: string;
  readonly options: readonly Named[];
}
export type PlaceOf = (role: InvitableRole) => InvitationPlace | null;

interface InviteDialogProps {
  readonly open: boolean;
  readonly roles: readonly InvitableRole[];
  /** The communities that a guard can be bound to. */
  readonly communities: readonly Named[];
  readonly placeOf: PlaceOf;
  readonly joinAt: (role: InvitableRole) => string;
  readonly onClose: () => void;
}

interface InviteForm {
  readonly name: string;
  readonly email: string;
  readonly role: InvitableRole;
  readonly communityIds?: readonly string[];
  readonly placeId?: string;
}

/** Asks who, then shows the link, once. The token stands behind `#`, so that no server log has it. */
export function InviteDialog({ open, roles, communities, placeOf, joinAt, onClose }: InviteDialogProps) {
  const m = useAccountWords().team;
  const [invited, setInvited] = useState<InviteForm | null>(null);
  const invite = useWrite('POST /v1/invitations', ['GET /v1/team']);
  const close = (): void => {
    onClose();
    setInvited(null);
    invite.reset();
  };
  const submit = (form: InviteForm): void => {
    const { communityIds = [], placeId, ...rest } = form;
    const bound = form.role === 'guard' && communityIds.length > 0 ? { communityIds: [...communityIds] } : {};
    const place = placeOf(form.role);
    const party = place && placeId !== undefined ? { [place.field]: placeId } : {};
    invite.mutate({ body: { ...rest, ...bound, ...party } }, { onSuccess: () => setInvited(form) });
  };
  const isReady = invite.data !== undefined && invited !== null;
  return (
    <Modal open={open} title={isReady ? m.inviteReady : m.invite} footer={null} destroyOnHidden onCancel={close}>
      {isReady ? (
        <Ready
          name={invited.name}
          link={`${location.origin}${joinAt(invited.role)}join#${invite.data.token}`}
          expiresAt={invite.data.expiresAt}
          onDone={close}
        />
      ) : (
        <Form<InviteForm>
          layout="vertical"
          size="large"
          requiredMark={false}
          initialValues={{ role: roles[0] }}
          onFinish={submit}
        >
          <WhoFields roles={roles} communities={communities} placeOf={placeOf} />
          <div className="stack">
            <ProblemNotice error={invite.error} />
            <Button type="primary" size="large" htmlType="submit" block loading={invite.isPending}>
              {m.inviteMake}
            </Button>
          </div>
        </Form>
      )}
    </Modal>
  );
}

function WhoFields({ roles, communities, placeOf }: Pick<InviteDialogProps, 'roles' | 'communities' | 'placeOf'>) {
  const m = useAccountWords().team;
  const role = Form.useWatch<InvitableRole | undefined>('role');
  const place = role ? placeOf(role) : null;
  return (
    <>
      <Form.Item name="role" label={m.inviteRole} extra={role && m.roleHint[role]}>
        <Radio.Group optionType="button" options={roles.map((value) => ({ value, label: m.role[value] }))} />
      </Form.Item>
      <Form.Item name="name" label={m.inviteName} rules={[{ required: true, whitespace: true, max: 60 }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="email" label={m.inviteEmail} rules={[{ required: true, type: 'email', max: 120 }]}>
        <Input type="email" autoComplete="off" />
      </Form.Item>
      {place && (
        <Form.Item key={place.field} name="placeId" label={place.label} rules={[{ required: true }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={place.options.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      )}
      {role === 'guard' && communities.length > 1 && (
        <Form.Item name="communityIds" label={m.inviteWhere}>
          <Select
            mode="multiple"
            placeholder={m.allCommunities}
            options={communities.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      )}
    </>
  );
}

interface ReadyProps {
  readonly name: string;
  readonly link: string;
  readonly expiresAt: number;
  readonly onDone: () => void;
}

function Ready({ name, link, expiresAt, onDone }: ReadyProps) {
  const m = useAccountWords().team;
  const format = useFormats();
  return (
    <div className="stack">
      <p>{m.inviteReadyText(name, format.date(expiresAt, homeZone))}</p>
      <p className="secret-line">{link}</p>
      <div className="row spread">
        <CopyButton text={link} />
        <Button type="primary" size="large" onClick={onDone}>
          {m.done}
        </Button>
      </div>
    </div>
  );
}
