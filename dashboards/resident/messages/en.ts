import type { Messages } from './zh.ts';

export const en = {
  title: 'Deals at the gate',
  tabDoor: 'Door',
  tabDeals: 'Deals',
  tabOrders: 'Orders',
  tabMe: 'Me',
  back: 'Back',

  dealsOf: (community: string) => `${community}: what neighbours buy`,
  dealsNearby: 'Neighbours are buying',
  dealsLead: 'Good prices just downstairs, once enough of you join.',
  noDeals: 'No deals today',
  noDealsHint: 'New deals appear first on the screen at the door. Have a look when you come home.',
  soldOut: 'Sold out',
  closed: 'Ended',
  paused: 'Not sold at the moment. What is paid and complete is handed over; a group that stays open is refunded.',
  opensAt: (time: string) => `Starts ${time}`,
  quantity: 'Quantity',
  fewer: 'One less',
  more: 'One more',
  join: 'Join',
  open: 'Start group',
  preparing: 'Ordering…',
  dealGone: 'This deal is no longer there',
  otherDeals: 'See other deals',

  whereToPickUp: 'Where to pick up',
  openHours: 'Open',
  howItWorks: 'How it works',
  howPay: 'Pay to join',
  howPayHint: 'Your payment keeps your place.',
  howGroup: 'The group fills up',
  howGroupHint: (hours: number) => `Once it is full, within ${hours} h, you get your pick-up code.`,
  howPick: 'Pick up',
  howPickHint: (store: string) => `Tell ${store} your 8-digit code.`,
  refundPromise: 'No group, full refund',
  refundPromiseHint: 'If too few join in time, your money comes back by itself.',

  signInToOrder: 'Sign in',
  signInLead: 'With the number that your property manager has. Only you see the pick-up code.',
  signInAndGoOn: 'Sign in and go on',

  toDeals: 'See the deals',

  pageMissing: 'There is no such page',
  offlineStrip: 'You are offline. This page updates when you are back',
} satisfies Messages;
