/** "h264" → "H.264", as people write it. */
export function codecText(codec: string): string {
  return codec.toUpperCase().replace(/^H\.?(26\d)/, 'H.$1');
}
