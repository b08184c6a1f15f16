import { DomainError } from '@gatecast/firmware-protocol';

const sentences = {
  'video-not-mp4': 'the file is not an MP4 or QuickTime video',
  'video-truncated': 'the file ends before the video does',
  'video-malformed': 'the video file contradicts itself',
  'video-fragmented': 'the file is a fragmented MP4, as streams use; export it as a plain one',
  'video-protected': 'the video is encrypted by its owner',
  'video-external': 'the picture is not in this file but in another one',
  'video-no-picture': 'the file holds no picture track',
  'video-codec': 'the picture is coded in a way that we do not convert',
  'video-ten-bit': 'the picture has more than 8 bits a colour (HDR), which the screens cannot show',
  'video-too-long': 'the video is too long',
  'video-too-short': 'the video is too short',
  'video-too-large': 'the file is too large',
  'video-bad-dimensions': 'the picture is too small or too large',
  'video-frame-rate': 'the video has too many pictures a second',
  'video-undecodable': 'the first pictures of the video cannot be decoded',
} as const;

/** Why a file is not a video that we take. Stable: they travel to the merchant's page. */
export type VideoFault = keyof typeof sentences;

/** A refusal of an uploaded file. */
export function videoFault(code: VideoFault, details: Readonly<Record<string, unknown>> = {}): DomainError<VideoFault> {
  return new DomainError(code, sentences[code], details);
}
