/** Sentences that a page may need before it could fetch the others. */
export const problemsCommonZh = {
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
};
