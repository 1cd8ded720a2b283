import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SmallPictures } from './small-pictures';

const settle = () => new Promise((done) => setTimeout(done));

describe('small pictures under a finger', () => {
  let asked: string[];
  let answer: Map<string, (blob: Blob | null) => void>;
  let shown: string[];
  let pictures: SmallPictures;
  const show = (picture: string) => void shown.push(picture);

  beforeEach(() => {
    [asked, answer, shown] = [[], new Map(), []];
    let n = 0;
    vi.stubGlobal('URL', { createObjectURL: () => `blob:${++n}`, revokeObjectURL: vi.fn() });
    pictures = new SmallPictures((address) => {
      asked.push(address);
      return new Promise((resolve) => answer.set(address, resolve));
    }, 3);
  });

  it('are asked for two at a time, and only the newest wish of a place', async () => {
    const [one, two] = [{}, {}];
    for (const address of ['a', 'b', 'c', 'd']) pictures.want(one, address, show);
    pictures.want(two, 'x', show);
    expect(asked).toEqual(['a', 'b']);
    answer.get('a')!(new Blob());
    await settle();
    expect(shown).toEqual(['blob:1']); // the finger has moved on, and sees something all the same
    answer.get('b')!(new Blob());
    await settle();
    expect(asked).toEqual(['a', 'b', 'd', 'x']);
  });

  it('come at once and without asking when they were shown before, also when there is none', async () => {
    const place = {};
    pictures.want(place, 'a', show);
    pictures.want(place, 'none', show);
    answer.get('a')!(new Blob());
    answer.get('none')!(null);
    await settle();
    pictures.want(place, 'a', show);
    pictures.want(place, 'none', show);
    expect(shown).toEqual(['blob:1', '', 'blob:1', '']);
    expect(asked).toEqual(['a', 'none']);
  });

  it('are let go, the one that was not looked at for longest first', async () => {
    for (const address of ['a', 'b', 'c', 'a', 'd']) {
      pictures.want({}, address, show);
      answer.get(address)!(new Blob());
      await settle();
    }
    expect(URL.revokeObjectURL).toHaveBeenCalledExactlyOnceWith('blob:2');
    pictures.want({}, 'a', show);
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are asked for again after the line failed, and not for who has left', async () => {
    const failing = new SmallPictures((address) => (asked.push(address), Promise.reject(new Error(address))));
    failing.want({}, 'a', show);
    await settle();
    failing.want({}, 'a', show);
    expect(asked).toEqual(['a', 'a']);
    const place = {};
    pictures.want({}, 'b', show);
    pictures.want({}, 'c', show);
    pictures.want(place, 'd', show);
    pictures.leave(place);
    answer.get('b')!(null);
    await settle();
    expect(asked).not.toContain('d');
  });
});
