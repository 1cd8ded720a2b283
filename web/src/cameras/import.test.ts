import { expect, test } from 'vitest';
import { countReady, isReady, linesOf, nextToAsk, placeOf, sampleTable, tableText, type Imported, type ImportedCamera } from './import';

function camera(line: number, more: Partial<ImportedCamera> = {}): ImportedCamera {
  return {
    line,
    channel: 1,
    name: `K${line}`,
    state: 'new',
    note: null,
    host: null,
    url: `rtsp://10.0.0.${line}/main`,
    sub_url: null,
    record_sub: false,
    transport: null,
    fingerprint: null,
    schedule: null,
    location: null,
    location_new: false,
    ...more,
  };
}

const fault = (line: number) => ({ line, column: 'make', code: 'make-unknown' as const, detail: '' });

test('cameras and faults of a line stand together, in the order of the table', () => {
  const told: Imported = { cameras: [camera(2, { channel: 1 }), camera(2, { channel: 2 }), camera(5)], faults: [fault(3), fault(5)] };
  const lines = linesOf(told);
  expect(lines.map(({ line, cameras, faults }) => [line, cameras.length, faults.length])).toEqual([
    [2, 2, 0],
    [3, 0, 1],
    [5, 1, 1],
  ]);
});

test('a line with a fault adds nothing, nor one whose cameras are all there', () => {
  const lines = linesOf({ cameras: [camera(2), camera(2, { channel: 2, state: 'there' }), camera(3, { state: 'there' }), camera(4)], faults: [fault(4)] });
  expect(lines.map(isReady)).toEqual([true, false, false]);
  expect(countReady(lines)).toBe(1);
});

test('two channels of one recorder are not asked at a time, others are', () => {
  const one = camera(2, { url: 'rtsp://NVR.local:554/1' });
  const same = camera(2, { channel: 2, url: null, host: 'nvr.local:8000' });
  const other = camera(3);
  expect(placeOf(one)).toBe(placeOf(same));
  expect(nextToAsk([same, other], new Set([placeOf(one)]))).toBe(other);
  expect(nextToAsk([same], new Set([placeOf(one)]))).toBeUndefined();
  expect(placeOf(camera(4, { url: 'rtsp://[fe80::1]:554/x' }))).toBe('[fe80::1]');
});

test('a file is read in UTF-8, or in UTF-16 as spreadsheets call Unicode; any other is refused, not read wrongly', () => {
  expect(tableText(new TextEncoder().encode('\ufeffname;url\nChợ;x'))).toBe('name;url\nChợ;x');
  expect(tableText(new Uint8Array([0xff, 0xfe, 0x43, 0x00, 0xe3, 0x1e]))).toBe('Cợ'); // little-endian
  expect(tableText(new Uint8Array([0x43, 0x68, 0xf0, 0x2c]))).toBeNull(); // of another code page
});

test('the table to begin with has the same columns in every line', () => {
  for (const language of ['vi', 'en'] as const) {
    const rows = sampleTable(language).slice(1).trim().split('\r\n');
    const widths = new Set(rows.map((row) => row.split(language === 'vi' ? ';' : ',').length));
    expect(widths.size).toBe(1);
  }
});
