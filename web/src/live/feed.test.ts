import { expect, test, vi } from 'vitest';
import type { Decoder, DecoderListener } from './decoder';
import { Feed, type Media } from './feed';
import type { Subscribed, Unit } from './message';

type Bytes = Uint8Array<ArrayBuffer>;

/** The smallest init part that has a configuration. */
function initPart(): Bytes {
  const box = (type: string, ...body: number[][]): number[] => {
    const content = body.flat();
    const size = content.length + 8;
    return [0, 0, size >> 8, size & 255, ...[...type].map((c) => c.charCodeAt(0)), ...content];
  };
  const zeros = (n: number) => new Array<number>(n).fill(0);
  const stsd = box('stsd', zeros(8), box('avc1', zeros(78), box('avcC', [1, 100, 0, 40])));
  return new Uint8Array(box('moov', box('trak', box('mdia', box('mdhd', zeros(24)), box('minf', box('stbl', stsd))))));
}

function setUp(can: () => Promise<boolean> = async () => true, lacksH265 = () => false, any = true) {
  const log: string[] = [];
  let listener: DecoderListener | undefined;
  const media: Media = {
    any: () => any,
    can,
    make: (to): Decoder => {
      listener = to;
      return {
        queued: 0,
        configure: (codec) => void log.push(`configure ${codec}`),
        push: (unit) => void log.push(`${unit.stream}/${unit.sequence}`),
        close: () => void log.push('close'),
      };
    },
  };
  const feed = new Feed('c', { dirty: () => {}, changed: () => {}, lacksH265 }, media);
  return { feed, log, decoder: () => listener! };
}

const announced = (id: number, stream: 'main' | 'sub', codec: string): Subscribed => ({
  op: 'subscribed', camera: 'c', stream, id, codec, width: 640, height: 360, audio: '',
});

const unit = (stream: number, sequence: number, flags: Partial<Unit> = {}): Unit => ({
  key: false, init: false, discontinuity: false, audio: false, stream, sequence, captureUs: sequence, payload: new Uint8Array(1), ...flags,
});
const init = (stream: number) => unit(stream, 0, { init: true, payload: initPart() });
const settled = () => new Promise((done) => setTimeout(done));

test('pictures that come while the browser is asked about the codec are decoded afterwards', async () => {
  const { feed, log } = setUp();
  feed.announced(announced(1, 'sub', 'avc1.64001e'));
  feed.take(init(1));
  feed.take(unit(1, 1, { key: true }));
  feed.take(unit(1, 2));
  await settled();
  expect(log).toEqual(['configure avc1.64001e', '1/1', '1/2']);
});

test('the old stream is shown until the new one begins, and not after', async () => {
  const { feed, log } = setUp();
  feed.announced(announced(1, 'sub', 'avc1.64001e'));
  feed.take(init(1));
  await settled();
  feed.take(unit(1, 1, { key: true }));
  feed.announced(announced(2, 'main', 'avc1.640028'));
  feed.take(unit(1, 2));
  expect(feed.stream).toBe('sub');
  feed.take(init(2));
  feed.take(unit(1, 3));
  feed.take(unit(2, 1, { key: true }));
  await settled();
  expect(feed.stream).toBe('main');
  expect(log).toEqual(['configure avc1.64001e', '1/1', '1/2', 'configure avc1.640028', '2/1']);
});

test('a codec that the browser lacks is told, and one it has puts that right', async () => {
  let can = false;
  const { feed, log } = setUp(async () => can);
  feed.announced(announced(1, 'main', 'hvc1.1.6.L120'));
  feed.take(init(1));
  feed.take(unit(1, 1, { key: true }));
  await settled();
  expect(feed.trouble).toBe('codec');
  expect(log).toEqual([]);
  can = true;
  feed.announced(announced(2, 'sub', 'avc1.64001e'));
  feed.take(init(2));
  await settled();
  expect(feed.trouble).toBe('');
});

test('H.265 that the browser lacks is no trouble when H.264 comes in its place', async () => {
  let asked = 0;
  const { feed, log } = setUp(async () => feed.codec.startsWith('avc1'), () => ++asked > 0);
  feed.announced(announced(1, 'main', 'hvc1.1.6.L120'));
  feed.take(init(1));
  feed.take(unit(1, 1, { key: true }));
  await settled();
  feed.take(unit(1, 2));
  expect([asked, feed.trouble, feed.transcoded]).toEqual([1, '', false]);
  feed.announced({ ...announced(2, 'main', 'avc1.64001f'), transcoded: true });
  feed.take(init(2));
  feed.take(unit(2, 1, { key: true }));
  await settled();
  expect([feed.trouble, feed.transcoded]).toEqual(['', true]);
  expect(log).toEqual(['configure avc1.64001f', '2/1']);
});

test('a decoder that fails is set up again with the next key picture', async () => {
  const { feed, log, decoder } = setUp();
  feed.announced(announced(1, 'sub', 'avc1.64001e'));
  feed.take(init(1));
  await settled();
  feed.take(unit(1, 1, { key: true }));
  decoder().failed();
  feed.take(unit(1, 2));
  feed.take(unit(1, 3, { key: true }));
  expect(log).toEqual(['configure avc1.64001e', '1/1', 'configure avc1.64001e', '1/3']);
  expect(feed.lost).toBe(1);
});

test('a decoder that never succeeds is given up', async () => {
  const { feed, decoder } = setUp();
  feed.announced(announced(1, 'sub', 'avc1.64001e'));
  feed.take(init(1));
  await settled();
  for (let i = 1; i <= 5; i++) {
    feed.take(unit(1, i, { key: true }));
    decoder().failed();
  }
  expect(feed.trouble).toBe('codec');
});

test('units of a stream that was never announced are ignored', async () => {
  const { feed, log } = setUp();
  feed.take(init(9));
  feed.take(unit(9, 1, { key: true }));
  await settled();
  expect(log).toEqual([]);
});

test('a browser without any decoder is told apart from one that lacks the codec, and nothing is decoded', async () => {
  const { feed, log } = setUp(async () => false, () => true, false);
  feed.announced(announced(1, 'sub', 'hvc1.1.6.L93'));
  feed.take(init(1));
  feed.take(unit(1, 1, { key: true }));
  await settled();
  expect([feed.trouble, log]).toEqual(['no-decoder', []]);
});

test('a decoder that failed because the device had too much to do is tried again after a minute, with one try', async () => {
  const { feed, log, decoder } = setUp();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  feed.announced(announced(1, 'main', 'avc1.64001e'));
  feed.take(init(1));
  await settled();
  let sequence = 1;
  const next = () => feed.take(unit(1, sequence++, { key: true }));
  for (let i = 0; i < 5; i++) {
    next();
    decoder().failed();
  }
  expect(feed.trouble).toBe('codec');
  clock.mockReturnValue(59_000);
  next();
  expect(feed.trouble).toBe('codec');
  clock.mockReturnValue(61_000);
  log.length = 0;
  next();
  expect(feed.trouble).toBe('');
  expect(log).toEqual(['configure avc1.64001e', '1/7']);
  decoder().failed();
  expect(feed.trouble).toBe('codec');
  clock.mockReturnValue(130_000);
  next();
  expect(feed.trouble).toBe('');
  clock.mockRestore();
});
