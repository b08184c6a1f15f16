import { ApiError } from '@gatecast/cloud-api/client';
import { App, Button, Form, Input } from 'antd';
import type { Rule } from 'antd/es/form';
import type { ReactNode } from 'react';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

interface PartyFormProps<T> {
  readonly initial?: Partial<T>;
  readonly write: {
    readonly isPending: boolean;
    readonly error: unknown;
  };
  /** Rejects when the cloud refuses. */
  readonly onSubmit: (values: T) => Promise<unknown>;
  readonly onDone: () => void;
  /** The field that each of these refusals is about: said there, and the focus goes to it. */
  readonly fieldOf?: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

const codeOf = (error: unknown): string => (error instanceof ApiError ? error.problem.code : '');

/** A form in a dialog: sends, says that it worked and closes, or shows why it did not. */
export function PartyForm<T extends object>({
  initial,
  write,
  onSubmit,
  onDone,
  fieldOf = {},
  children,
}: PartyFormProps<T>) {
  const m = useMessages().parties;
  const { kit } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm();
  const submit = (values: T): void =>
    void onSubmit(values).then(
      () => {
        void message.success(m.saved);
        onDone();
      },
      // Of no one field: shown below from `write.error`.
      (error: unknown) => {
        const name = fieldOf[codeOf(error)];
        if (name === undefined) return;
        form.setFields([{ name, errors: [problemSentence(error, kit)] }]);
        form.focusField(name);
      },
    );
  return (
    <Form<T>
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      onFinish={submit}
      {...(initial && { initialValues: initial })}
    >
      {children}
      <div className="stack">
        {!(codeOf(write.error) in fieldOf) && <ProblemNotice error={write.error} />}
        <Button type="primary" htmlType="submit" block loading={write.isPending}>
          {m.save}
        </Button>
      </div>
    </Form>
  );
}

interface TextFieldProps {
  readonly name: string | string[];
  readonly label: string;
  readonly hint?: string;
  readonly max?: number;
  readonly type?: 'email' | 'password';
  readonly rule?: Rule;
}

const shortText = 60;

export function TextField({ name, label, hint, max = shortText, type, rule }: TextFieldProps) {
  const { kit } = useWords();
  const rules: Rule[] = [{ required: true, message: kit.requiredField }, ...(rule ? [rule] : [])];
  const Control = type === 'password' ? Input.Password : Input;
  return (
    <Form.Item name={name} label={label} rules={rules} {...(hint && { extra: hint })}>
      <Control maxLength={max} autoComplete={type === 'password' ? 'new-password' : 'off'} />
    </Form.Item>
  );
}

const passwordMin = 10;

/** The person who will sign in for the party. */
export function AccountFields({ at }: { readonly at: 'manager' | 'owner' }) {
  const m = useMessages().parties;
  return (
    <>
      <TextField name={[at, 'name']} label={m.accountName} />
      <TextField
        name={[at, 'email']}
        label={m.accountEmail}
        max={120}
        rule={{ type: 'email', message: m.emailFormat }}
      />
      <TextField
        name={[at, 'password']}
        label={m.accountPassword}
        hint={m.passwordHint}
        max={200}
        type="password"
        rule={{ min: passwordMin, message: m.passwordHint }}
      />
    </>
  );
}
