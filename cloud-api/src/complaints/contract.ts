import { z } from 'zod';

export const complaintAbout = z.enum(['too-loud', 'ad', 'other']);
export type ComplaintAbout = z.infer<typeof complaintAbout>;
