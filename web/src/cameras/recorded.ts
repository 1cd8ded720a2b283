// How many cameras are recorded now, of those that should be: the same count as the care card's. A paused
// camera and one that its schedule lets rest are not asked for.

type Told = { paused: boolean; status: { recording: boolean; should_record: boolean } };

export function recordedOf(cameras: Told[]): { recording: number; total: number } {
  const wanted = cameras.filter(({ paused, status }) => !paused && status.should_record);
  return { recording: wanted.filter(({ status }) => status.recording).length, total: wanted.length };
}
