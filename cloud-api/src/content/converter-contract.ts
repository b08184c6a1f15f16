import { z } from 'zod';

/** `GET /v1/converter`: which ffmpeg the process that answers uses, and what holds it. */
export const converterHealth = z.object({
  /** Null: there is none. Uploads wait, only files that are clips already go on. */
  found: z
    .object({
      from: z.enum(['FFMPEG_PATH', 'ffmpeg-static', 'PATH', '@ffmpeg-installer/ffmpeg']),
      /** Its own first line. */
      version: z.string(),
      /** A build of 2018: it should not stay what reads strangers' files. */
      isAged: z.boolean(),
    })
    .nullable(),
  /** Where none was found: each place and why not. */
  tried: z.array(z.object({ candidate: z.string(), fault: z.string() })).readonly(),
  /** Which limits this machine can put on it; null without one. */
  holds: z
    .object({
      memory: z.boolean(),
      cpuTime: z.boolean(),
      outputSize: z.boolean(),
      noNetwork: z.boolean(),
      endsWithParent: z.boolean(),
      /** It runs as another user than the cloud. */
      ownUser: z.boolean(),
    })
    .nullable(),
  /** Clips that wait for their conversion, or are in it. */
  waiting: z.int(),
  /** Conversions that this process does at the same time. */
  atOnce: z.int(),
});
export type ConverterHealth = z.infer<typeof converterHealth>;
