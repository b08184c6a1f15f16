/** A sentence for each stable problem code of the cloud. */
export const problemsZh = {
  offline: '连不上服务器，请检查网络后重试。',
  'unreadable-answer': '服务器的回答无法识别，请稍后重试。',
  'internal-error': '服务器出了点问题，请稍后重试。',
  'invalid-request': '填写的内容有误，请检查后再提交。',
  'bad-credentials': '账号或密码不对，请再试一次。',
  'bad-sms-code': '验证码不对或已过期，请重新获取。',
  'bad-session-link': '这个登录链接已用过或已过期，请重新获取。',
  unauthorized: '请先登录。',
  forbidden: '这个账号没有权限这样做。',
  'not-found': '没有找到，可能已被删除。',
  'too-many-requests': '操作太频繁，请稍等片刻再试。',
  'already-picked-up': '这个取货码已经用过了。',
  'bad-short-link': '这个二维码已失效，请到门口屏幕重新扫码。',
};
