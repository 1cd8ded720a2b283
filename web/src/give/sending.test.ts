import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Shown, shownDocument } from '../report-form/for-tests';
import { showSending } from './sending';
import { say } from './words';

const link = { id: '9d1c1f1e-0000-4000-8000-000000000001', secret: 'AAAAAAAAAAAAAAAAAAAAAA' };
const film = { size: 5 << 20, slice: () => new Blob([]) } as unknown as File;

/** A phone that cannot read the film (iCloud without a line, a card that was taken out). */
class Unreadable {
  error = new DOMException('', 'NotReadableError');
  onerror = () => {};
  readAsArrayBuffer(): void {
    setTimeout(() => this.onerror(), 0);
  }
}

beforeEach(() => {
  vi.stubGlobal('document', shownDocument);
  vi.stubGlobal('FileReader', Unreadable);
});
afterEach(() => vi.unstubAllGlobals());

test('a film that the phone cannot read is told, after the family was told to wait', async () => {
  const main = new Shown('main');
  const said: string[] = [];
  const sending = showSending(main as unknown as HTMLElement, link, { files: [film], room: 2 ** 31, there: [] }, (words) => said.push(words));
  expect(main.textContent).toContain(say('give.preparing'));
  await sending;
  expect(said).toEqual([say('give.unread')]);
});
