/** A sentence for each stable problem code of the cloud. */
export const problemsZh = {
  // The way there
  offline: '连不上服务器，请检查网络后重试。',
  'unreadable-answer': '服务器的回答无法识别，请稍后重试。',
  internal: '服务器出了点问题，请稍后重试。',
  'invalid-request': '填写的内容有误，请检查后再提交。',
  'body-too-large': '内容太大了，请换小一点的。',
  forbidden: '这个账号没有权限这样做。',
  'not-found': '没有找到，可能已被删除。',
  'method-not-allowed': '服务器不支持这个操作。',
  'too-many-requests': '操作太频繁，请稍等片刻再试。',
  'idempotency-key-reused': '内容改动过，请重新提交一次。',
  conflict: '别人刚刚改过，请刷新后再试。',
  // Signing in
  unauthenticated: '请先登录。',
  'wrong-credentials': '账号、密码或验证码不对，请再试一次。',
  'email-taken': '这个邮箱已经有账号了。',
  // Communities
  'unknown-zone': '没有这个时区。',
  'trivial-pin': '这个密码太简单，请避开连号、重复的数字。',
  'phone-taken': '这个手机号已经登记过了。',
  // Terminals
  'unknown-claim-code': '激活码不对。',
  'claim-expired': '激活码已过期，请重新生成。',
  'entrance-taken': '这个出入口已经有终端了。',
  'challenge-expired': '登录超时，请重试。',
  'terminal-revoked': '这台终端已停用。',
  'terminal-offline': '终端不在线，没有发出。请现场查看电源和网络。',
  'terminal-unclaimed': '这台终端还没有激活。',
  'no-such-version': '没有这个版本。',
  'journal-gap': '终端的记录有缺口。',
  'journal-chain-broken': '终端的记录校验不通过。',
  'wrong-epoch': '终端的登记已更换。',
  'malformed-message': '终端的消息无法识别。',
  // Codes at the door
  'pass-window-invalid': '有效时间不对：结束要晚于开始，且不早于现在。',
  'list-full': '通行名单已满，请先清理过期的。',
  // Clips
  'transcode-timeout': '视频转码超时，请换一个文件再试。',
  'transcode-failed': '视频转码失败，请换一个文件再试。',
  'video-bad-dimensions': '视频的尺寸不合适。',
  'video-too-long': '视频太长了，最长 60 秒。',
  'video-too-short': '视频太短了。',
  // Group-buy
  'already-picked-up': '这个取货码已经用过了。',
  'bad-short-link': '这个二维码已失效，请到门口屏幕重新扫码。',
};
