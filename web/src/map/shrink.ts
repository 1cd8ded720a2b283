// A map file as programs write it holds much that the server does not take, and a body may be 1 MiB:
// what is not drawn stays here.

/** What tells the kind of a feature (src/config/site_map.c), and its name. */
const TAGS = ['kind', 'highway', 'waterway', 'natural', 'landuse', 'building', 'boundary', 'place', 'name'];
export const BODY_MOST = 1 << 20;

export interface Shrunk {
  text: string;
  features: number;
}

/** The same map with fewer bytes: degrees to five places (1 m), tags that tell nothing left out. null: not GeoJSON. */
export function shrink(text: string): Shrunk | null {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return null;
  }
  const features = whole instanceof Object ? (whole as { features?: unknown }).features : null;
  if (!Array.isArray(features)) return null;
  const kept = features.flatMap((feature: unknown) => {
    const { geometry, properties } = (feature ?? {}) as { geometry?: { type?: unknown; coordinates?: unknown }; properties?: Record<string, unknown> };
    const tags = Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => TAGS.includes(name)));
    if (!geometry || Object.keys(tags).every((name) => name === 'name')) return [];
    if (geometry.type !== 'Point') delete tags['name'];
    return [{ type: 'Feature', properties: tags, geometry: { type: geometry.type, coordinates: rounded(geometry.coordinates) } }];
  });
  return { text: JSON.stringify({ type: 'FeatureCollection', features: kept }), features: features.length };
}

/** Heights are left out. */
function rounded(coordinates: unknown): unknown {
  if (!Array.isArray(coordinates)) return coordinates;
  if (typeof coordinates[0] === 'number') return coordinates.slice(0, 2).map((value) => (typeof value === 'number' ? Math.round(value * 1e5) / 1e5 : value));
  return coordinates.map(rounded);
}
