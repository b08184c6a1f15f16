import { z } from 'zod';
import { atMs, email, id, name, phone } from '../platform/contract.ts';

const role = z.enum(['operator', 'property', 'merchant', 'resident']);
export type Role = z.infer<typeof role>;

/** `POST /v1/sessions`: by e-mail and password, by phone and texted code, or by a one-time link. */
export const signIn = z.union([
  z.object({ email, password: z.string().min(1).max(200) }),
  z.object({ phone, code: z.string().regex(/^\d{6}$/) }),
  z.object({ link: z.string().min(20).max(100) }),
]);
export const me = z.object({
  role,
  name: z.string(),
  /** The party that the account acts for: its property company, merchant or community; null for the operator. */
  scope: z.object({ id, name: z.string() }).nullable(),
});
export type Me = z.infer<typeof me>;
export const session = z.object({ token: z.string(), expiresAt: atMs, me });
export type Session = z.infer<typeof session>;

/** `POST /v1/session-links`: signs the same person in on another device, once, within a minute. */
export const sessionLink = z.object({ link: z.string(), expiresAt: atMs });
export type SessionLink = z.infer<typeof sessionLink>;

/** `POST /v1/sms-codes` → 202, whether or not the phone is known. */
export const smsCodeRequest = z.object({ phone });

export const newAccount = z.object({ email, password: z.string().min(10).max(200), name });
