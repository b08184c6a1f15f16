import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  title: '本店订单',
  none: '还没有订单',
  noneHint: '邻居下单后会出现在这里。',
  count: (n: number) => `${n} 份`,
  status: {
    'awaiting-payment': '待付款',
    paid: '等待成团',
    ready: '待取货',
    'picked-up': '已取货',
    expired: '已过期',
    cancelled: '已取消',
    refunding: '退款中',
    refunded: '已退款',
  },
};
const en: typeof zh = {
  title: 'Orders of the store',
  none: 'No orders yet',
  noneHint: 'Orders appear here as they are made.',
  count: (n) => `${n} ×`,
  status: {
    'awaiting-payment': 'To be paid',
    paid: 'Group not full yet',
    ready: 'To be picked up',
    'picked-up': 'Picked up',
    expired: 'Expired',
    cancelled: 'Cancelled',
    refunding: 'Being refunded',
    refunded: 'Refunded',
  },
};

export const useStoreOrdersWords = pageWords({ zh, en });
