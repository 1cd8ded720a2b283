import { expect, test } from 'vitest';
import { byKeyPictures, correction } from './in-step';

test('a camera that is a picture behind runs faster, one that is ahead slower, both within the bounds', () => {
  expect(correction(10_000, 9_933, 1)).toEqual({ seek: false, rate: 1.1675 });
  expect(correction(10_000, 10_067, 1)).toEqual({ seek: false, rate: 0.8325 });
  expect(correction(10_000, 9_650, 1)).toEqual({ seek: false, rate: 1.25 });
});

test('what is in step is left alone, what is far off jumps', () => {
  expect(correction(10_000, 10_005, 2)).toEqual({ seek: false, rate: 2 });
  expect(correction(10_000, 9_000, 1)).toEqual({ seek: true });
  expect(correction(10_000, 70_000, 1)).toEqual({ seek: true });
});

/** Plays two seconds of a camera in pieces of 40 ms, as the screen does: how far it is off then. */
function afterTwoSeconds(off: number, speed: number): number {
  let [clock, shown] = [0, off];
  for (let i = 0; i < 50; i++) {
    const what = correction(clock, shown, speed);
    if (what.seek) shown = clock;
    else shown += 40 * what.rate;
    clock += 40 * speed;
  }
  return shown - clock;
}

test('within two seconds every offset is under a picture, at every speed of film', () => {
  for (const speed of [0.25, 0.5, 1, 2, 4, 8]) {
    for (const off of [-390, -200, -67, 67, 200, 390, 5_000]) expect(Math.abs(afterTwoSeconds(off, speed)), `${off} ms at ×${speed}`).toBeLessThan(67 * Math.max(1, speed));
  }
});

test('key pictures serve where film would be too much', () => {
  expect(byKeyPictures(1, 8)).toBe(false);
  expect(byKeyPictures(1, 16)).toBe(true);
  expect(byKeyPictures(9, 1)).toBe(false);
  expect(byKeyPictures(9, 2)).toBe(true);
});
