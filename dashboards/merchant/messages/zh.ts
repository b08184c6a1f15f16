/** The words of the merchant's pages. Chinese is the source; a key that English lacks is a compile error. */
export const zh = {
  title: '商家中心',
  subtitle: '把视频放到小区门口的屏幕上，看得到谁来了店里。',
  navOverview: '概览',
  navClips: '视频',
  navBook: '投放',
  navDeals: '拼团',
  navVerify: '核销',
  navOrders: '订单',
  account: '账号',
  permits: '广告资质',

  hello: (name: string) => `${name}，你好`,
  touches: '触达',
  scans: '扫码',
  orders: '下单',
  pickedUp: '取货',
  touchesHint: '屏幕前真的有人开门或等电梯，并且看到了你的视频',
  soFar: '累计到店效果',
  nextStep: '下一步',
  next: {
    'hold-again': { title: '保留过时了，没有收到付款', hint: '时段还在的话，可以照原来的选择再订。', action: '去看看' },
    'pay-booking': { title: '有时段等你付款', hint: '保留时间一过就会放给别人。', action: '去付款' },
    'upload-clip': { title: '上传第一段视频', hint: '60 秒以内的 MP4，手机拍的就行。', action: '上传视频' },
    'fix-clip': { title: '视频被退回了', hint: '看看原因，改好再传一次。', action: '查看原因' },
    'wait-for-review': { title: '视频正在处理', hint: '转码和审核完成后会自动出现在这里。', action: '查看进度' },
    'create-deal': { title: '建一个拼团', hint: '让扫码的邻居有东西可下单。', action: '新建拼团' },
    book: { title: '订第一个时段', hint: '早上 7–9 点和傍晚人最多。', action: '去投放' },
    'book-again': { title: '已经没有排期了', hint: '最近订的时段都播完了，接着订吧。', action: '再订一批' },
  },
};
export type Messages = typeof zh;
