import { describe, expect, it } from 'vitest';
import { AGAIN_MS, GOES_ON_MS, Steer, type Command } from './steer';

function steered(fail = false) {
  const sent: Command[] = [];
  const told: unknown[] = [];
  let waited = 0;
  const after = new Map<number, () => void>();
  const steer = new Steer(
    async (command) => {
      sent.push(command);
      if (fail) throw new Error('no');
    },
    (problem) => told.push(problem),
    async (ms) => {
      waited += ms;
      after.get(waited)?.();
    },
  );
  return { steer, sent, told, at: (ms: number, then: () => void) => after.set(ms, then) };
}

const settled = () => new Promise((done) => setTimeout(done, 20));

describe('a camera that is steered', () => {
  it('moves while the button is held, and stops once', async () => {
    const { steer, sent, at } = steered();
    at(2 * AGAIN_MS, () => steer.release());
    steer.hold({ pan: 1 });
    await settled();
    expect(sent).toEqual([{ pan: 1, ms: GOES_ON_MS }, { pan: 1, ms: GOES_ON_MS }, { stop: true }]);
  });

  it('moves and stops on a tap that is over before the first answer', async () => {
    const { steer, sent } = steered();
    steer.hold({ zoom: -1 });
    steer.release();
    await settled();
    expect(sent).toEqual([{ zoom: -1, ms: GOES_ON_MS }, { stop: true }]);
  });

  it('turns at once when another direction is held', async () => {
    const { steer, sent, at } = steered();
    at(50, () => steer.hold({ tilt: 1 }));
    at(100, () => steer.release());
    steer.hold({ pan: 1 });
    await settled();
    expect(sent).toEqual([{ pan: 1, ms: GOES_ON_MS }, { tilt: 1, ms: GOES_ON_MS }, { stop: true }]);
  });

  it('gives up and tells when the camera refuses', async () => {
    const { steer, sent, told } = steered(true);
    steer.hold({ pan: 1 });
    await settled();
    expect(sent).toHaveLength(1);
    expect(told).toHaveLength(1);
  });
});
