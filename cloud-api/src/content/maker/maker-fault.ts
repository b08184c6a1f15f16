import { DomainError } from '@gatecast/firmware-protocol';

const sentences = {
  'photos-too-few': 'a clip needs at least three photos',
  'photos-too-many': 'a clip takes at most six photos',
  'photo-unknown': 'a photo is not there any more; choose it again',
  'photo-not-a-picture': 'the file is neither a JPEG, PNG, WebP nor AVIF picture that can be read',
  'photo-too-small': 'the shorter side of a photo has at least 640 pixels',
  'photo-too-many-pixels': 'the photo has more pixels than a photo of a phone has',
  'photo-too-large': 'the file is too large for a photo',
  'too-many-photos-kept': 'so many photos were brought today already',
  'line-missing': 'a clip needs a line of text',
  'line-too-long': 'the line is too long to be read in passing',
  'price-out-of-range': 'a price is between ¥0.01 and ¥99,999.99, and the old one is higher',
  'text-not-drawable': 'some characters cannot be drawn',
  'maker-busy': 'too many previews are being made; try again in a moment',
  'maker-unavailable': 'clips cannot be made now: there is no ffmpeg',
} as const;

export type MakerFault = keyof typeof sentences;

/** Why no clip is made of what was given. Stable: they travel to the merchant's page. */
export function makerFault(code: MakerFault, details: Readonly<Record<string, unknown>> = {}): DomainError<MakerFault> {
  return new DomainError(code, sentences[code], details);
}
