// Finding a camera by a few letters, with or without the marks of Vietnamese.

import type { Camera, Location } from '../api/types';

/** Lower case, without marks: "Cổng chợ Đông" → "cong cho dong". */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[đĐ]/g, 'd')
    .toLowerCase();
}

/** Whether each of the words stands in the camera's name, location or village. */
export function matches(words: string, camera: Pick<Camera, 'name'>, location?: Pick<Location, 'name' | 'village'>): boolean {
  const text = plain([camera.name, location?.name, location?.village].filter(Boolean).join(' '));
  return plain(words).split(/\s+/).every((word) => text.includes(word));
}
