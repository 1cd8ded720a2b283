// Looking closer at a picture: what part of it is shown, in a frame whose sides are 1 long.

/** The picture is `scale` times as large as the frame; its left upper corner stands at x, y. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
export const SCALE_MOST = 8;
/** What a double tap goes to. */
export const CLOSER = 2.5;

/** The picture covers the frame, whatever was asked for. */
function held({ scale, x, y }: Zoom): Zoom {
  const within = (at: number) => Math.min(0, Math.max(1 - scale, at));
  return { scale, x: within(x), y: within(y) };
}

/** `factor` times closer, while the point x, y of the frame shows what it showed. */
export function zoomAt(zoom: Zoom, factor: number, x: number, y: number): Zoom {
  const scale = Math.min(SCALE_MOST, Math.max(1, zoom.scale * factor));
  const by = scale / zoom.scale;
  return held({ scale, x: x - (x - zoom.x) * by, y: y - (y - zoom.y) * by });
}

export function moved(zoom: Zoom, x: number, y: number): Zoom {
  return held({ ...zoom, x: zoom.x + x, y: zoom.y + y });
}
