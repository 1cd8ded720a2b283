// Loads the parts of a playlist for hls.js: their fragments join, and silence stands where sound is missing.

import Hls, { type Fragment, type FragmentLoaderConstructor, type FragmentLoaderContext, type Loader, type LoaderCallbacks, type LoaderConfiguration } from 'hls.js/light';
import { join } from '../mp4/joined';
import { soundOf } from '../mp4/silence';
import { soundHoles, type Fill } from '../mp4/sound-holes';

const LoadedAsIs = Hls.DefaultConfig.loader as unknown as new (config: unknown) => Loader<FragmentLoaderContext>;

/** For one playlist. `isLast`: nothing follows this part, or what is of another file or behind a gap. */
export function joiningLoader(isLast: (part: Fragment) => boolean): FragmentLoaderConstructor {
  /** by the init part of a file */
  const holes = new WeakMap<Uint8Array, Fill | null>();

  const holesOf = ({ initSegment }: Fragment): Fill | null => {
    const init = initSegment?.data;
    if (!init) return null;
    if (!holes.has(init)) {
      const sound = soundOf(init);
      holes.set(init, sound && soundHoles(sound));
    }
    return holes.get(init) ?? null;
  };

  const mended = (data: ArrayBuffer, part: Fragment): ArrayBuffer => {
    const bytes = new Uint8Array(data);
    const whole = part.sn === 'initSegment' ? bytes : (holesOf(part)?.(bytes, isLast(part)) ?? bytes);
    join(whole);
    return whole.buffer;
  };

  class JoiningLoader extends LoadedAsIs {
    override load(context: FragmentLoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<FragmentLoaderContext>): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, ...rest) => {
          const { data } = response;
          callbacks.onSuccess(data instanceof ArrayBuffer ? { ...response, data: mended(data, context.frag) } : response, ...rest);
        },
      });
    }
  }
  return JoiningLoader as unknown as FragmentLoaderConstructor;
}
