// Where on the map one was, for coming back to it.

import type { StageView } from './stage';

export const mapMemory: { view: StageView | null; looked: boolean; camera: string } = { view: null, looked: false, camera: '' };
