// Leaving a map. Leaflet goes on for a moment after its map was removed: a redraw that waits for the
// next frame, a "moveend" a fifth of a second after a resize. Both would draw on what is gone.

import type L from 'leaflet';

/** Nobody is told any more, and the map goes once the frames that wait have been drawn. */
export function closeMap(map: L.Map): void {
  map.stop();
  map.off();
  requestAnimationFrame(() => map.remove());
}
