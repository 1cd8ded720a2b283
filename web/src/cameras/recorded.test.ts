import { expect, test } from 'vitest';
import { recordedOf } from './recorded';

const camera = (recording: boolean, should_record = true, paused = false) => ({ paused, status: { recording, should_record } });

test('of the cameras that should be recorded those that are, and neither paused nor resting ones', () => {
  expect(recordedOf([camera(true), camera(false), camera(false, true, true), camera(false, false)])).toEqual({ recording: 1, total: 2 });
  expect(recordedOf([])).toEqual({ recording: 0, total: 0 });
});
