import { expect, test } from 'vitest';
import { soundLeftOutText } from './sound';

test('sound that is left out is told with its codec, and that video is recorded', () => {
  const told = soundLeftOutText({ codec: 'G726-32', cause_code: 'codec-unknown' });
  expect(told).toContain('G726-32');
  expect(told).toContain('hình vẫn được ghi');
});

test('a camera that sends no sound is told without a codec', () => {
  expect(soundLeftOutText({ codec: '', cause_code: 'not-offered' })).not.toContain('?');
});
