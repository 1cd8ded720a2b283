// The player against a browser that shows no moment outside what it calls seekable (HTML, "seeking": without an end, up
// to the end of what it has; W3C MSE §10).

import { expect, test, vi } from 'vitest';
import { checkPackage } from './check';
import { FRAGMENTS, makePackage, Signer, zipOf } from './made-package';
import { Player } from './player';
import { Source } from './source';

class Buffer extends EventTarget {
  updating = false;
  timestampOffset = 0;
  appended = 0;

  appendBuffer(): void {
    this.appended++;
    setTimeout(() => this.dispatchEvent(new Event('updateend')));
  }
}

class Media extends EventTarget {
  static readonly isTypeSupported = () => true;
  static newest: Media;
  readyState = 'open';
  duration = NaN;
  readonly buffer = new Buffer();

  constructor() {
    super();
    Media.newest = this;
    setTimeout(() => this.dispatchEvent(new Event('sourceopen')));
  }

  addSourceBuffer = () => this.buffer;
  endOfStream = () => {};
}

class Video extends EventTarget {
  paused = true;
  seeking = false;
  src = '';
  private at = 0;
  readonly buffered = { length: 0, start: () => 0, end: () => 0 };

  get currentTime(): number {
    return this.at;
  }

  set currentTime(seconds: number) {
    const end = Number.isFinite(Media.newest.duration) ? Media.newest.duration : 0;
    if (end > 0) this.at = Math.min(seconds, end);
  }

  removeAttribute = () => {};
  load = () => {};
}

test('a moment far behind what a browser has is shown, and no other one', async () => {
  vi.stubGlobal('MediaSource', Media);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:film');
  const file = zipOf(makePackage(new Signer(new Uint8Array(32).fill(1))));
  const { facts } = await checkPackage(new Source(file));
  const media = facts!.media;
  const video = new Video();
  const player = new Player(video as unknown as HTMLVideoElement, file, media, () => {});
  await player.seek(media[0]!.from + (FRAGMENTS - 2) * 1e6);
  expect(player.state).toBe('still');
  expect(video.currentTime).toBe(FRAGMENTS - 2);
  await vi.waitFor(() => expect(Media.newest.buffer.appended).toBeGreaterThan(1)); // the init part, and then pictures
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
