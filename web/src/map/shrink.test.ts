import { expect, test } from 'vitest';
import { shrink } from './shrink';

const collection = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', generator: 'x', features });

test('what is drawn keeps its place to a metre, and nothing else', () => {
  const road = { type: 'Feature', id: 'way/1', properties: { highway: 'primary', name: 'QL', surface: 'asphalt', '@id': 1 }, geometry: { type: 'LineString', coordinates: [[103.148700041, 21.4512, 812], [103.15, 21.46]] } };
  const village = { type: 'Feature', properties: { place: 'village', name: 'Bản Phăng' }, geometry: { type: 'Point', coordinates: [103, 21] } };
  const shrunk = shrink(collection(road, village))!;
  expect(JSON.parse(shrunk.text).features).toEqual([
    { type: 'Feature', properties: { highway: 'primary' }, geometry: { type: 'LineString', coordinates: [[103.1487, 21.4512], [103.15, 21.46]] } },
    { type: 'Feature', properties: { place: 'village', name: 'Bản Phăng' }, geometry: { type: 'Point', coordinates: [103, 21] } },
  ]);
});

test('features without a kind stay behind, and are counted', () => {
  const shrunk = shrink(collection({ properties: { name: 'a' }, geometry: { type: 'Point', coordinates: [1, 2] } }, null, { properties: { building: 'yes' }, geometry: null }))!;
  expect(shrunk.features).toBe(3);
  expect(JSON.parse(shrunk.text).features).toEqual([]);
});

test('what is no GeoJSON is not taken for it', () => {
  expect(['', 'PK', '[]', 'null', '{"features":{}}'].map(shrink)).toEqual([null, null, null, null, null]);
});
