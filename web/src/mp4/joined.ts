// Lets the last picture of a fragment last until the next fragment begins, and its last sound too. The
// recorder writes a fragment before the next picture has come, and guesses how long the last one is
// shown. Where that picture comes late, as of a camera that is slow in the dark or has lost one on the
// way, browsers that are fed by Media Source Extensions would drop all up to the next key picture (W3C
// MSE, coded frame processing: a step of more than twice the last duration, in any track, ends all of
// them), though it is all there.

import { boxAt, boxes, runIn, SOUND_TRACK, VIDEO_TRACK, type Bytes, type Run } from './boxes';

const LONGEST_TICKS = 2 ** 32 - 1;

function lastUntil(run: Run, ticks: number): void {
  const last = (run.count - 1) * run.row;
  const longer = run.rows.getUint32(last) + ticks - run.ends;
  if (ticks > run.ends && longer <= LONGEST_TICKS) run.rows.setUint32(last, longer);
}

/** Does it, in place, to the fragments of a part that stand one behind the other. Where one begins with a key picture none is dropped. */
export function join(part: Bytes): void {
  let pictures: Run | null = null;
  let sound: Run | null = null;
  for (const { type, body } of boxes(part)) {
    if (type !== 'moof') continue;
    const run = runIn(body, VIDEO_TRACK);
    if (pictures && run && !run.key) lastUntil(pictures, run.begins);
    pictures = run ?? pictures;
    const heard = runIn(body, SOUND_TRACK);
    if (sound && heard) lastUntil(sound, heard.begins);
    sound = heard ?? sound;
  }
}

/** The same to one fragment: its pictures last until `ticks`. */
export function joinTo(fragment: Bytes, ticks: number): void {
  const moof = boxAt(fragment, 'moof');
  const run = moof && runIn(moof, VIDEO_TRACK);
  if (run) lastUntil(run, ticks);
}
