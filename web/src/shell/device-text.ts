// What a browser says it is, in the words people use for their devices.

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
];
const BROWSERS: [RegExp, string][] = [
  [/coc_coc/i, 'Cốc Cốc'],
  [/Edg(?:A|iOS)?\//, 'Edge'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

/** "Android · Chrome" of what a browser calls itself; the program's own name where it is none. */
export function deviceText(device: string | null): string {
  if (!device) return '';
  const found = (list: [RegExp, string][]) => list.find(([sign]) => sign.test(device))?.[1];
  const parts = [found(SYSTEMS), found(BROWSERS)].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : device.slice(0, 40);
}
