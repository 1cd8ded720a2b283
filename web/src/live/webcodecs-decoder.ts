// Decoding with WebCodecs: lowest delay, and the time of capture travels with each picture.

import type { Decoder, DecoderListener } from './decoder';
import { sampleOf, type VideoConfig } from './fmp4';
import type { Unit } from './message';

export class WebCodecsDecoder implements Decoder {
  private decoder: VideoDecoder | null = null;

  constructor(private readonly listener: DecoderListener) {}

  get queued(): number {
    return this.decoder?.decodeQueueSize ?? 0;
  }

  configure(codec: string, _init: Uint8Array<ArrayBuffer>, config: VideoConfig): void {
    this.close();
    const decoder = new VideoDecoder({
      output: (frame) =>
        this.listener.picture({
          image: frame,
          width: frame.displayWidth,
          height: frame.displayHeight,
          captureUs: frame.timestamp,
          close: () => frame.close(),
        }),
      error: () => {
        if (this.decoder === decoder) this.fail();
      },
    });
    decoder.configure({
      codec,
      description: config.description,
      codedWidth: config.width,
      codedHeight: config.height,
      optimizeForLatency: true,
    });
    this.decoder = decoder;
  }

  push(unit: Unit): void {
    const data = sampleOf(unit.payload);
    if (!data || !this.decoder) return;
    try {
      this.decoder.decode(
        new EncodedVideoChunk({ type: unit.key ? 'key' : 'delta', timestamp: unit.captureUs, data }),
      );
    } catch {
      this.fail();
    }
  }

  close(): void {
    const decoder = this.decoder;
    this.decoder = null;
    if (decoder && decoder.state !== 'closed') decoder.close();
  }

  private fail(): void {
    this.close();
    this.listener.failed();
  }
}
