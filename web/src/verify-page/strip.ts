// The verdict of each second of a camera, drawn: a colour and a pattern each, the worst of what a pixel covers.

import { VERDICTS, type Span, type Verdict } from './judge';

const COLOURS: Record<Verdict, string> = { 'authentic-from-server': '--good', 'clock-doubtful': '--warn', gap: '--muted', unsigned: '--idle', altered: '--bad' };
/** What is wrong is seen, however short it is. */
const LEAST_PX = 4;

/** The span that a moment is in. */
export const spanAt = (spans: Span[], us: number): Span | undefined => spans.find(({ from, to }) => us >= from && us < to);

/** The worst verdict of each column. */
export function columns(spans: Span[], width: number): Verdict[] {
  const levels = new Uint8Array(width);
  const begin = spans[0]?.from ?? 0;
  const scale = width / Math.max(1, (spans.at(-1)?.to ?? 0) - begin);
  for (const { from, to, verdict } of spans) {
    const level = VERDICTS.indexOf(verdict);
    const first = Math.floor((from - begin) * scale);
    const behind = Math.max(Math.ceil((to - begin) * scale), first + (verdict === 'altered' ? LEAST_PX : 1));
    for (let x = first; x < Math.min(width, behind); x++) levels[x] = Math.max(levels[x]!, level);
  }
  return [...levels].map((level) => VERDICTS[level]!);
}

/** Whether a pixel of the pattern is left blank: so that the strip can be read without its colours. */
function blank(verdict: Verdict, x: number, y: number, height: number): boolean {
  if (verdict === 'clock-doubtful') return x % 6 < 2;
  if (verdict === 'gap') return Math.abs(y - height / 2) > 1.5;
  if (verdict === 'unsigned') return (x + y) % 8 < 4;
  return verdict === 'altered' && ((x + y) % 6 < 2 || (x - y + 600) % 6 < 2);
}

export function drawStrip(canvas: HTMLCanvasElement, spans: Span[]): void {
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  if (!context || width === 0) return;
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  columns(spans, width).forEach((verdict, x) => {
    context.fillStyle = style.getPropertyValue(COLOURS[verdict]);
    if (verdict === 'authentic-from-server') context.fillRect(x, 0, 1, height);
    else for (let y = 0; y < height; y++) if (!blank(verdict, x, y, height)) context.fillRect(x, y, 1, 1);
  });
}
