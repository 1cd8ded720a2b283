import { expect, test } from 'vitest';
import { Refused, type Ask } from '../report-form/send';
import { bytesToCome, Giving, PIECE_BYTES } from './giving';
import { linkOf } from './link';

const link = { id: '9d1c1f1e-0000-4000-8000-000000000001', secret: 'AAAAAAAAAAAAAAAAAAAAAA' };
const SIZE = 2 * PIECE_BYTES + 5;

/** A server that has taken `got` bytes, and fails as told by `faults` at the pieces in turn. */
function server(faults: (number | null)[] = []) {
  const state = { got: 0, asked: [] as string[] };
  const line = async ({ path, body, headers }: Ask) => {
    expect(headers['X-Request-Secret']).toBe(link.secret);
    state.asked.push(path.split('/files')[1]!);
    if (path.endsWith('/files')) return { n: 1, size: SIZE, got: state.got, evidence: false };
    const fault = faults.shift();
    if (fault === 0) state.got += (body as Blob).size; // it arrived, and the answer was lost
    if (fault !== undefined && fault !== null) throw new Refused(fault, 0);
    expect(path).toContain(`offset=${state.got}`);
    state.got += (body as Blob).size;
    return { n: 1, size: SIZE, got: state.got, evidence: false };
  };
  return { state, line };
}

const film = new Blob([new Uint8Array(SIZE)]);
const noPause = () => Promise.resolve();

test('a film goes piece by piece, and its share is told', async () => {
  const { state, line } = server();
  const shares: number[] = [];
  const file = await new Giving(link, film, 'key', line, noPause).go((share) => shares.push(share));
  expect(file.got).toBe(SIZE);
  expect(state.asked).toEqual(['', '/1?offset=0', `/1?offset=${PIECE_BYTES}`, `/1?offset=${2 * PIECE_BYTES}`]);
  expect(shares.at(-1)).toBe(1);
});

test('where the line breaks, what the server has is asked for and not sent again', async () => {
  const { state, line } = server([null, 0]);
  await new Giving(link, film, 'key', line, noPause).go(() => {});
  expect(state.got).toBe(SIZE);
  expect(state.asked.filter((path) => path === '')).toHaveLength(2);
});

test('a line that stays away, and a file that is refused, are told', async () => {
  const away = server([503, 503, 503, 503]);
  await expect(new Giving(link, film, 'key', away.line, noPause).go(() => {})).rejects.toMatchObject({ status: 503 });
  const refused = server([422]);
  await expect(new Giving(link, film, 'key', refused.line, noPause).go(() => {})).rejects.toMatchObject({ status: 422 });
  expect(refused.state.asked).toHaveLength(2);
});

test('only a whole link opens', () => {
  expect(linkOf(`#r=${link.id}.${link.secret}`)).toEqual(link);
  for (const hash of ['', '#r=', `#r=${link.id}`, `#r=${link.id}.short`, `#s=${link.id}.${link.secret}`]) expect(linkOf(hash)).toBeNull();
});

test('what was thrown away meanwhile is begun anew', async () => {
  const { state, line } = server([null, null]);
  let lost = true;
  const losing = (ask: Ask) => {
    if (lost && ask.path.includes(`offset=${PIECE_BYTES}`)) {
      lost = false;
      state.got = 0;
      return Promise.reject(new Refused(404, 0, 'given-gone'));
    }
    return line(ask);
  };
  const file = await new Giving(link, film, 'key', losing, noPause).go(() => {});
  expect(file.got).toBe(SIZE);
  expect(state.asked.filter((path) => path === '/1?offset=0')).toHaveLength(2);
});

test('a link that holds no more is not tried again', async () => {
  const dead = server([404]);
  await expect(new Giving(link, film, 'key', dead.line, noPause).go(() => {})).rejects.toMatchObject({ status: 404 });
});

test('what is half there and chosen again needs no room twice', () => {
  const there = [{ n: 1, size: 1500 << 20, got: 1000 << 20, key: 'half', evidence: false }];
  expect(bytesToCome([{ size: 1500 << 20, key: 'half' }], there)).toBe((500 - 64) << 20);
  expect(bytesToCome([{ size: 10, key: 'other' }], there)).toBe(10);
});
