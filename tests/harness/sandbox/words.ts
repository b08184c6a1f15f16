/** Chinese is the source; English must say the same. */
const zh = {
  sandbox: '沙箱',
  sandboxPay: '沙箱支付',
  notReal: '演示环境,不会扣任何真实的钱',
  payTo: '付给',
  item: '商品',
  order: '订单号',
  pay: '确认支付',
  cancel: '取消',
  paid: '已支付',
  refunded: '已退款',
  closed: '订单已关闭',
  refused: '银行没有通过这笔付款，没有扣钱。可以再试一次，或者返回。',
  waiting: '待支付',
  back: '返回',
  payments: '支付记录',
  amount: '金额',
  state: '状态',
  callback: '回调',
  time: '时间',
  none: '还没有记录',
  smsInbox: '沙箱短信',
  smsNote: '演示环境发出的短信都在这里,不会发到真实手机',
  notFound: '没有这笔支付',
  otherLanguage: 'English',
} as const;

export type Words = Readonly<Record<keyof typeof zh, string>>;

const en = {
  sandbox: 'Sandbox',
  sandboxPay: 'Sandbox payment',
  notReal: 'A demonstration: no real money moves',
  payTo: 'Pay to',
  item: 'Item',
  order: 'Order',
  pay: 'Pay now',
  cancel: 'Cancel',
  paid: 'Paid',
  refunded: 'Refunded',
  closed: 'Order closed',
  refused: 'The bank refused this payment; nothing was charged. Try again, or go back.',
  waiting: 'Waiting for payment',
  back: 'Back',
  payments: 'Payments',
  amount: 'Amount',
  state: 'State',
  callback: 'Callback',
  time: 'Time',
  none: 'Nothing yet',
  smsInbox: 'Sandbox text messages',
  smsNote: 'Every message of the demonstration arrives here, none on a real phone',
  notFound: 'There is no such payment',
  otherLanguage: '中文',
} as const satisfies Words;

export type Language = 'zh' | 'en';
export const languageOf = (asked: string | undefined): Language => (asked === 'en' ? 'en' : 'zh');
export const wordsOf = (language: Language): Words => (language === 'en' ? en : zh);
