// sound-holes.mjs — footage whose sound has holes: takes sound out of what the server sends, and listens to what a browser
// makes of it.

const box = (data, at) => ({ type: data.toString('latin1', at + 4, at + 8), body: at + 8, end: at + data.readUInt32BE(at) });

function* boxes(data, from, to) {
  for (let at = from; at + 8 <= to; ) {
    const one = box(data, at);
    if (one.end < at + 8 || one.end > to) return;
    yield one;
    at = one.end;
  }
}

const find = (data, { body, end }, type) => [...boxes(data, body, end)].find((one) => one.type === type);

/** What a part holds of a track, fragment by fragment: where it begins and ends in its ticks, and its box. */
function runs(part, track) {
  const found = [];
  for (const moof of boxes(part, 0, part.length)) {
    if (moof.type !== 'moof') continue;
    for (const traf of boxes(part, moof.body, moof.end)) {
      if (traf.type !== 'traf' || part.readUInt32BE(find(part, traf, 'tfhd').body + 4) !== track) continue;
      const begins = Number(part.readBigUInt64BE(find(part, traf, 'tfdt').body + 4));
      const { body } = find(part, traf, 'trun');
      const row = track === 1 ? (part.readUInt32BE(body) & 0x800 ? 16 : 12) : 8;
      let ends = begins;
      for (let i = 0; i < part.readUInt32BE(body + 4); i++) ends += part.readUInt32BE(body + 12 + i * row);
      found.push({ begins, ends, traf });
    }
  }
  return found;
}

/** Takes the sound out of those fragments of a part for which `out` says so of its place in all that were asked. */
export class SoundTaker {
  /** in seconds of the film: where sound was taken out */
  holes = [];
  /** where the film begins that was asked for, in its seconds */
  begins = NaN;
  seen = 0;
  /** what comes next begins there by now, and is so much later than its file says */
  ends = 0;
  shift = 0;

  constructor(rate, out) {
    Object.assign(this, { rate, out });
  }

  take(part) {
    const [pictures, sound] = [runs(part, 1), runs(part, 2)];
    const from = pictures[0].begins / 90_000;
    if (this.seen === 0) this.begins = from;
    else if (Math.abs(from + this.shift - this.ends) > 1) this.shift = this.ends - from; // of another file
    this.ends = pictures.at(-1).ends / 90_000 + this.shift;
    for (const { begins, ends, traf } of sound) {
      if (!this.out(this.seen++)) continue;
      part.write('free', traf.body - 4, 'latin1');
      const [from, to] = [begins / this.rate + this.shift, ends / this.rate + this.shift];
      const last = this.holes.at(-1);
      if (last && from - last.to < 0.05) last.to = to;
      else this.holes.push({ from, to });
    }
    return part;
  }
}

/** In the page: listens to the film until it has played so many seconds of what is loaded; [time of the film in its element, loudness] of each block, and the times of its pictures. */
export async function listenTo(seconds) {
  const video = document.querySelector('video');
  video.muted = false;
  const context = new AudioContext();
  await context.resume();
  const node = context.createScriptProcessor(512, 1, 1);
  const blocks = [];
  const pictures = [];
  node.onaudioprocess = ({ inputBuffer, playbackTime }) => {
    const values = inputBuffer.getChannelData(0);
    const loud = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    blocks.push([video.currentTime - (context.currentTime - playbackTime), loud]);
  };
  const seen = (_, { mediaTime }) => {
    pictures.push(mediaTime);
    video.requestVideoFrameCallback(seen);
  };
  video.requestVideoFrameCallback(seen);
  context.createMediaElementSource(video).connect(node).connect(context.destination);
  const begins = video.buffered.start(0);
  for (let tries = 0; tries < 200 && video.currentTime < begins + seconds; tries++) await new Promise((done) => setTimeout(done, 100));
  await context.close();
  return { blocks, pictures, begins };
}

const QUIET = 0.002;

/** The longest silence around a hole, of what was heard, in the film's time, which begins `into` its element. */
export function turns(blocks, into, hole) {
  let longest = { from: 0, to: 0 };
  let from = null;
  for (const [time, loud] of blocks) {
    const at = time - into;
    if (at < hole.from - 1 || at > hole.to + 1) continue;
    if (loud < QUIET) from ??= at;
    else if (from !== null) {
      if (at - from > longest.to - longest.from) longest = { from, to: at };
      from = null;
    }
  }
  return longest;
}
