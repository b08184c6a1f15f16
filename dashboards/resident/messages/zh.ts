/** The words of the resident's pages. Chinese is the source; a key that English lacks is a compile error. */
export const zh = {
  title: '门口拼团',
  tabDoor: '开门',
  tabDeals: '拼团',
  tabOrders: '订单',
  tabMe: '我的',
  back: '返回',

  dealsOf: (community: string) => `${community}的邻居在拼`,
  dealsNearby: '邻居在拼',
  dealsLead: '下楼就能取的好价，人齐就成团。',
  noDeals: '今天还没有拼团',
  noDealsHint: '新的拼团会先出现在门口的屏幕上，开门时留意一下。',
  soldOut: '已售罄',
  closed: '已结束',
  paused: '商家暂停销售；已付款、已成团的照常取货，没成团的到时退款',
  opensAt: (time: string) => `${time} 开始`,
  quantity: '数量',
  fewer: '少一份',
  more: '多一份',
  join: '参团',
  open: '开团',
  preparing: '正在下单…',
  dealGone: '这个拼团已经不在了',
  otherDeals: '看看其他拼团',

  whereToPickUp: '到哪里取',
  openHours: '营业时间',
  howItWorks: '怎么拼',
  howPay: '付款参团',
  howPayHint: '付款后就占住一个名额。',
  howGroup: '人齐成团',
  howGroupHint: (hours: number) => `开团后 ${hours} 小时内人齐，就给你取货码。`,
  howPick: '到店取货',
  howPickHint: (store: string) => `到${store}报 8 位取货码。`,
  refundPromise: '没成团，全额退款',
  refundPromiseHint: '时间到了人还不齐，钱自动原路退回，不用申请。',

  signInToOrder: '快速登录',
  signInLead: '用物业登记的号码，取货码只给你看。',
  signInAndGoOn: '登录并继续',

  toDeals: '去看拼团',

  pageMissing: '没有这个页面',
  offlineStrip: '网络断开了，恢复后会自动更新',
};
export type Messages = typeof zh;
