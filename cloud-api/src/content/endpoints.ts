import type { z } from 'zod';
import type { Category } from './categories.ts';
import type { Clip, clipsQuery } from './contract.ts';
import type { ClipPhoto, NewMadeClip, ReopenedRecipe } from './maker/recipe.ts';
import type { ConverterHealth } from './converter-contract.ts';
import type { ClipUpload } from './upload-contract.ts';
import type { Permit, permitRefusal, permitsQuery } from './permit-contract.ts';
import type {
  approval,
  CategoryInfo,
  clipPatch,
  ClipScreens,
  declinedCategories,
  rejection,
  ReviewStep,
  takingDown,
} from './review-contract.ts';
import type { Page } from '../platform/contract.ts';

/** What the content slice answers, for the typed client. */
export interface ContentEndpoints {
  'GET /v1/clips': { query: z.input<typeof clipsQuery>; result: Page<Clip> };
  'POST /v1/clips': { query: { title: string; house?: string; category?: Category }; body: Blob; result: Clip };
  'POST /v1/clip-photos': { body: Blob; result: ClipPhoto };
  'POST /v1/clips/made': { body: NewMadeClip; result: Clip };
  /** Answers with an MP4. */
  'POST /v1/clips/made/preview': { query: { watch?: string }; body: NewMadeClip['recipe']; result: Blob };
  /** Answers with a JPEG. */
  'POST /v1/clips/made/sheet': { body: NewMadeClip['recipe']; result: Blob };
  'GET /v1/clips/:id': { result: Clip };
  'DELETE /v1/clips/:id': { result: null };
  'GET /v1/clips/:id/recipe': { result: ReopenedRecipe };
  'GET /v1/clip-uploads': { result: { readonly items: readonly ClipUpload[] } };
  'GET /v1/clip-uploads/:id': { result: ClipUpload };
  'DELETE /v1/clip-uploads/:id': { result: null };
  'PATCH /v1/clips/:id': { body: z.input<typeof clipPatch>; result: Clip };
  'POST /v1/clips/:id/approve': { body: z.input<typeof approval>; result: Clip };
  'POST /v1/clips/:id/claim': { result: Clip };
  'POST /v1/clips/:id/release': { result: Clip };
  'POST /v1/clips/:id/reject': { body: z.input<typeof rejection>; result: Clip };
  'POST /v1/clips/:id/take-down': { body: z.input<typeof takingDown>; result: Clip };
  'POST /v1/clips/:id/review-again': { result: Clip };
  'POST /v1/clips/:id/retry': { result: Clip };
  'GET /v1/converter': { result: ConverterHealth };
  'GET /v1/clips/:id/reviews': { result: Page<ReviewStep> };
  'GET /v1/clips/:id/screens': { result: ClipScreens };
  'GET /v1/clip-categories': { result: Page<CategoryInfo> };
  'GET /v1/communities/:id/declined-categories': { result: z.infer<typeof declinedCategories> };
  'PUT /v1/communities/:id/declined-categories': {
    body: z.input<typeof declinedCategories>;
    result: z.infer<typeof declinedCategories>;
  };
  'POST /v1/permits': {
    query: { category: Category; number: string; validFrom: number; validTo: number };
    body: Blob;
    result: Permit;
  };
  'GET /v1/permits': { query: z.input<typeof permitsQuery>; result: Page<Permit> };
  'POST /v1/permits/:id/accept': { result: Permit };
  'POST /v1/permits/:id/refuse': { body: z.input<typeof permitRefusal>; result: Permit };
  'POST /v1/permits/:id/withdraw': { body: z.input<typeof permitRefusal>; result: Permit };
}
