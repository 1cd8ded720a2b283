// Kinds of reports, as the server names them, and their signs: drawn on a grid of 24 with strokes of 2. The
// page for residents has the same.

export const REPORT_KINDS = [
  'fight',
  'theft',
  'public-order',
  'traffic-accident',
  'street-racing',
  'fire',
  'missing',
  'environment',
  'camera-damage',
  'other',
] as const;

export type ReportKind = (typeof REPORT_KINDS)[number];

export const KIND_SHAPES: Record<ReportKind, string> = {
  fight: 'M13 2L5 13h6l-1 9 8-11h-6z',
  theft: 'M6 8h12l1 13H5zM9 8V6.5a3 3 0 0 1 6 0V8M9.5 12.5l5 5M14.5 12.5l-5 5',
  'public-order': 'M4 10v4h3l6 5V5L7 10zM17 9a4.5 4.5 0 0 1 0 6M19.5 6a8.5 8.5 0 0 1 0 12',
  'traffic-accident': 'M3 17v-4l2-5h9l3 5 4 1v3h-2M3 17h2M10 17h4M7.5 15a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4M16.5 15a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4M18 3l-2 3M21.5 5l-3 2',
  'street-racing': 'M5 14a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M19 14a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M5 17.5l4-7h6l4 7M9 10.5l3 7h2l3-9h-3M2 6h5M3 3h6',
  fire: 'M12 2c1 4 6 6 6 12a6 6 0 0 1-12 0c0-3 1.5-4.5 2.5-6 .5 2 1.5 3 2.5 3 1-3-.5-6 1-9',
  missing: 'M10 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M3 21c0-4 3-7 7-7M14.5 15a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 1-1 1.7M17 21.5v.1',
  environment: 'M5 7h14M10 7V4h4v3M7 7l1 14h8l1-14M10.5 11v6M13.5 11v6',
  'camera-damage': 'M4 5h13l3 5-3 2-13-3zM8 10v6H4M13 21l7-7M13 14l7 7',
  other: 'M4 4h16v12H10l-5 5v-5H4zM8 10h.1M12 10h.1M16 10h.1',
};
