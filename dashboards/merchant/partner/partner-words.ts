import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  hello: (name: string) => `${name}，你好`,
  leader: (community: string) => `你是「${community}」的团长。`,
  leaderHint: '这里是本小区正在拼的团，可以转发给邻居。住户资料、通行记录和订单不会给你看。',
  supplier: (party: string) => `你代表供应商「${party}」。`,
  supplierHint: '账号已经开好。在「账号」里可以改密码、打开两步验证、退出其他设备。供货和对账开放后会出现在这里。',
  deals: '本小区的拼团',
  none: '现在没有在拼的团',
  noneHint: '附近的商家开团后会出现在这里。',
  open: '打开，转发给邻居',
  account: '我的账号',
};
const en: typeof zh = {
  hello: (name) => `Hello, ${name}`,
  leader: (community) => `You lead the group-buys of ${community}.`,
  leaderHint:
    'These are the deals of your community, to be passed on to neighbours. Residents’ files, the access log and orders are not yours to see.',
  supplier: (party) => `You stand for the supplier ${party}.`,
  supplierHint:
    'Your account is ready. Under “Account” you change the password, turn on two-step sign-in and sign other devices out. Supplies and statements will show here once they are open.',
  deals: 'Deals of the community',
  none: 'No deals just now',
  noneHint: 'They show here when a store nearby opens one.',
  open: 'Open, to pass on',
  account: 'My account',
};

export const usePartnerWords = pageWords({ zh, en });
