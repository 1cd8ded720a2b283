// A sound and a shake of the phone for a report that came in, unless somebody switched that off on this device.

const STORED = 'vonglau.ring';
const TONES_HZ = [660, 880, 660];
const TONE_S = 0.18;
const VOLUME = 0.25;

export function rings(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export function setRings(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // it holds for this visit only
  }
}

/** Browsers that want a touch of the page first stay silent; the notice is seen all the same. */
export function ring(): void {
  if (!rings()) return;
  navigator.vibrate?.([200, 100, 200]);
  try {
    const context = new AudioContext();
    const volume = context.createGain();
    volume.gain.value = VOLUME;
    volume.connect(context.destination);
    TONES_HZ.forEach((hz, i) => {
      const tone = context.createOscillator();
      tone.frequency.value = hz;
      tone.connect(volume);
      tone.start(context.currentTime + i * TONE_S);
      tone.stop(context.currentTime + (i + 1) * TONE_S);
      if (i === TONES_HZ.length - 1) tone.onended = () => void context.close();
    });
  } catch {
    // no sound to be had
  }
}
