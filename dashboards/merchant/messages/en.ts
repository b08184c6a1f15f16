import type { Messages } from './zh.ts';

export const en = {
  title: 'Shop owners',
  subtitle: 'Put your video on the screen at the door, and see who comes to the shop.',
  navOverview: 'Overview',
  navClips: 'Clips',
  navBook: 'Book',
  navDeals: 'Deals',
  navVerify: 'Verify',
  navOrders: 'Orders',
  account: 'Account',
  permits: 'Advertising permits',

  hello: (name) => `Hello, ${name}`,
  touches: 'Touches',
  scans: 'Scans',
  orders: 'Orders',
  pickedUp: 'Picked up',
  touchesHint: 'Somebody really opened the door or waited for the lift, and saw your clip',
  soFar: 'What it brought so far',
  nextStep: 'Next',
  next: {
    'hold-again': {
      title: 'A hold ran out unpaid',
      hint: 'While it is free you can book the same again.',
      action: 'Have a look',
    },
    'pay-booking': {
      title: 'Half-hours wait for your payment',
      hint: 'They go to others when the time is up.',
      action: 'Pay',
    },
    'upload-clip': {
      title: 'Upload your first clip',
      hint: 'An MP4 of up to 60 seconds, from your phone is fine.',
      action: 'Upload a clip',
    },
    'fix-clip': { title: 'A clip was sent back', hint: 'See why, change it and upload it again.', action: 'See why' },
    'wait-for-review': {
      title: 'Your clip is on its way',
      hint: 'It shows here once it is converted and approved.',
      action: 'See progress',
    },
    'create-deal': {
      title: 'Make a deal',
      hint: 'So that neighbours who scan have something to order.',
      action: 'New deal',
    },
    book: {
      title: 'Book your first half-hour',
      hint: 'Most people pass from 7 to 9 and in the evening.',
      action: 'Book',
    },
    'book-again': {
      title: 'Nothing is booked any more',
      hint: 'All your half-hours have been played.',
      action: 'Book more',
    },
  },
} satisfies Messages;
