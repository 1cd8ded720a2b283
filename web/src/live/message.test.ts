import { expect, test } from 'vitest';
import { parseEvent, parseUnit } from './message';

function unit(change: (bytes: DataView<ArrayBuffer>) => void = () => {}, size = 27): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(size));
  view.setUint8(0, 1);
  view.setUint8(1, 1 | 4);
  view.setUint16(2, 24);
  view.setUint32(4, 7);
  view.setBigUint64(8, 4_294_967_299n);
  view.setBigInt64(16, 1_795_503_600_123_456n);
  if (size > 24) view.setUint8(24, 0xaa);
  change(view);
  return view.buffer;
}

test('the header of a picture is read to the microsecond', () => {
  expect(parseUnit(unit())).toEqual({
    key: true,
    init: false,
    discontinuity: true,
    audio: false,
    stream: 7,
    sequence: 4_294_967_299,
    captureUs: 1_795_503_600_123_456,
    payload: new Uint8Array([0xaa, 0, 0]),
  });
});

test('what a later version adds to the header is skipped', () => {
  const longer = parseUnit(unit((v) => v.setUint16(2, 26)));
  expect(longer?.payload.byteLength).toBe(1);
});

test('what is not a unit of version 1 is refused', () => {
  expect(parseUnit(new ArrayBuffer(23))).toBeNull();
  expect(parseUnit(unit((v) => v.setUint8(0, 2)))).toBeNull();
  expect(parseUnit(unit((v) => v.setUint16(2, 8)))).toBeNull();
  expect(parseUnit(unit((v) => v.setUint16(2, 400)))).toBeNull();
});

test('text messages that are not known are ignored', () => {
  expect(parseEvent('{"op":"lost","camera":"c","pictures":3}')).toEqual({ op: 'lost', camera: 'c', pictures: 3 });
  expect(parseEvent('{"op":"later","camera":"c"}')).toBeNull();
  expect(parseEvent('{"op":"lost"}')).toBeNull();
  expect(parseEvent('null')).toBeNull();
  expect(parseEvent('{"op":')).toBeNull();
});
