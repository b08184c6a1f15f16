import { pageWords } from '../i18n/page-words.ts';

/** The words of signing in. */
export const useSignInWords = pageWords({
  zh: {
    email: '邮箱',
    password: '密码',
    totp: '动态验证码',
    totpHint: '打开验证器应用，输入 6 位数字；也可以用一个恢复码。',
    phone: '手机号',
    smsCode: '短信验证码',
    sendCode: '获取验证码',
    sendAgainIn: (seconds: number) => `${seconds} 秒后可重发`,
    codeSent: '验证码已发送，请查看短信。',
    signingIn: '正在登录…',
  },
  en: {
    email: 'E-mail',
    password: 'Password',
    totp: 'Authenticator code',
    totpHint: 'Six digits from your authenticator app; a recovery code works too.',
    phone: 'Mobile number',
    smsCode: 'Code from the text message',
    sendCode: 'Send code',
    sendAgainIn: (seconds: number) => `Again in ${seconds} s`,
    codeSent: 'The code is on its way. Please look at your messages.',
    signingIn: 'Signing in…',
  },
});
