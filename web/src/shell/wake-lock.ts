// Keeps the screen from going dark while someone watches. Browsers let go of it when the page is
// hidden; it is asked for again when it is seen.

/** Holds the screen awake until the returned function is called; does nothing where that cannot be had. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  const ask = async () => {
    if (over || document.hidden || !navigator.wakeLock) return;
    const got = await navigator.wakeLock.request('screen').catch(() => null);
    if (over) void got?.release();
    else lock = got;
  };
  const look = () => void ask();
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', look);
    void lock?.release();
  };
}
