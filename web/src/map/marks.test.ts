import { expect, test } from 'vitest';
import type { Camera, Location } from '../api/types';
import { isPlaced, markOf, place } from './marks';

const status = (state: Camera['status']['state'], recording: boolean, should_record = true) => ({ state, recording, should_record });

test('a camera is shown by what is known of its pictures', () => {
  expect(markOf({ paused: false, status: status('running', true) })).toBe('recording');
  expect(markOf({ paused: false, status: status('running', false) })).toBe('unrecorded');
  expect(markOf({ paused: false, status: status('connecting', false) })).toBe('unrecorded');
  expect(markOf({ paused: false, status: status('connecting', false, false) })).toBe('unrecorded');
  expect(markOf({ paused: false, status: status('waiting', false) })).toBe('lost');
  expect(markOf({ paused: false, status: status('stalled', true) })).toBe('lost');
  expect(markOf({ paused: false, status: status('running', false, false) })).toBe('watched');
  expect(markOf({ paused: true, status: status('paused', false, false) })).toBe('paused');
});

test('what has no coordinates is not put into the sea', () => {
  expect(isPlaced(undefined)).toBe(false);
  expect(isPlaced({ latitude: 0, longitude: 0 })).toBe(false);
  expect(isPlaced({ latitude: 0, longitude: 103 })).toBe(true);
});

test('cameras go from north to south, those without a place apart', () => {
  const camera = (id: string, location: string | null) => ({ id, name: id, location, paused: false, status: status('running', true) }) as unknown as Camera;
  const location = (id: string, latitude: number, longitude: number) => ({ id, latitude, longitude }) as unknown as Location;
  const found = place(
    [camera('south', 's'), camera('nowhere', null), camera('at sea', 'o'), camera('east', 'e'), camera('north', 'n')],
    [location('n', 22, 103), location('s', 21, 103), location('e', 21, 104), location('o', 0, 0)],
  );
  expect(found.placed.map((one) => one.camera.id)).toEqual(['north', 'south', 'east']);
  expect(found.unplaced.map(({ id }) => id)).toEqual(['nowhere', 'at sea']);
});
