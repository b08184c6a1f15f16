import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  title: '店员',
  intro: '店员用自己的账号核销取货码、看本店订单；看不到投放和账单。离职当天停用。',
  none: '还没有店员',
  name: '姓名',
  email: '邮箱（用来登录）',
  store: '在哪家店',
  invite: '邀请店员',
  make: '生成邀请链接',
  ready: (name: string) => `把这个链接发给${name}。七天内有效，只能用一次，关掉后看不到第二次。`,
  done: '好了',
  suspend: '停用',
  resume: '恢复',
  withdraw: '撤回邀请',
  state: { active: '使用中', suspended: '已停用', invited: '等待接受邀请' },
};
const en: typeof zh = {
  title: 'Store staff',
  intro:
    'With accounts of their own they take pick-up codes and see the orders of their store; no bookings and no bills. Suspend them the day they leave.',
  none: 'Nobody yet',
  name: 'Name',
  email: 'E-mail (to sign in with)',
  store: 'Which store',
  invite: 'Invite somebody',
  make: 'Make the invitation',
  ready: (name) => `Send this link to ${name}. It works once within seven days and is not shown again.`,
  done: 'Done',
  suspend: 'Suspend',
  resume: 'Resume',
  withdraw: 'Withdraw',
  state: { active: 'Active', suspended: 'Suspended', invited: 'Invited' },
};

export const useTeamWords = pageWords({ zh, en });
