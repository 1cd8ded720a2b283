// scenes.mjs — what the cameras of the commune show: drawn and encoded once, for all tests. Run by itself it draws
// what takes a minute, so that no test waits for it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where they are kept; the integration tests' are there, too. */
export const SCENES = join(root, 'build/sim-cache');

/** A clip as ./dev run hands one over, of moving test bars; kept, as the scenes made of it are. */
export async function makeStreet() {
  const file = `${SCENES}/street.avi`;
  if (await access(file).then(() => true, () => false)) return file;
  const part = `${SCENES}/street-${process.pid}.avi`;
  await mkdir(SCENES, { recursive: true });
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=640x480:rate=10:duration=8', '-c:v', 'mpeg4', part]);
  await rename(part, file);
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = ['--cameras', '32', '--port', '0', '--http-port', '0', '--cache', SCENES, '--street', await makeStreet()];
  const sim = spawn(join(root, 'build/sim/vonglau-sim'), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = once(sim, 'exit');
  await Promise.race([once(sim.stdout, 'data'), gone]); // it is ready
  sim.kill();
  await gone;
}
