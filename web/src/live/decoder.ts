// Turns the units of one stream into pictures. Two ways: WebCodecs where the page is secure and the
// browser has it, else Media Source Extensions with a video element that is not shown itself.

import type { Unit } from './message';
import type { VideoConfig } from './fmp4';

/** A picture that can be drawn; whoever holds it closes it. */
export interface Picture {
  image: CanvasImageSource;
  width: number;
  height: number;
  captureUs: number;
  close(): void;
}

export interface DecoderListener {
  /** Takes the picture. */
  picture(picture: Picture): void;
  /** Decoding broke off; the decoder has to be set up anew, with the next key picture. */
  failed(): void;
}

export interface Decoder {
  /** units handed in and not yet seen as pictures */
  readonly queued: number;
  /** A new init part; `codec` as in RFC 6381. */
  configure(codec: string, init: Uint8Array<ArrayBuffer>, config: VideoConfig): void;
  push(unit: Unit): void;
  close(): void;
}

/** Which way this browser plays live pictures; null: none. */
export function decoderKind(): 'webcodecs' | 'mse' | null {
  if (typeof VideoDecoder !== 'undefined') return 'webcodecs';
  return mediaSource() ? 'mse' : null;
}

declare global {
  interface Window {
    ManagedMediaSource?: typeof MediaSource;
  }
}

export function mediaSource(): typeof MediaSource | null {
  return globalThis.MediaSource ?? globalThis.window?.ManagedMediaSource ?? null;
}

const known = new Map<string, Promise<boolean>>();

/** Whether this browser can decode `codec`; asked of the browser once a codec. */
export function canDecode(codec: string, config: VideoConfig): Promise<boolean> {
  let answer = known.get(codec);
  if (!answer) {
    answer = askBrowser(codec, config).catch(() => false);
    known.set(codec, answer);
  }
  return answer;
}

async function askBrowser(codec: string, config: VideoConfig): Promise<boolean> {
  if (decoderKind() !== 'webcodecs') {
    return mediaSource()?.isTypeSupported(`video/mp4; codecs="${codec}"`) ?? false;
  }
  const support = await VideoDecoder.isConfigSupported({
    codec,
    description: config.description,
    codedWidth: config.width,
    codedHeight: config.height,
  });
  return support.supported === true;
}
