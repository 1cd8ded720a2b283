// Reads what a player needs out of our fragmented MP4: the decoder configuration of an init part and
// the one sample of a fragment; and puts a fragment elsewhere in time (ISO/IEC 14496-12, 14496-15).

import { boxAt, boxes, timescaleIn } from '../mp4/boxes';

export interface VideoConfig {
  /** avcC or hvcC, as VideoDecoderConfig.description takes it */
  description: Uint8Array<ArrayBuffer>;
  hevc: boolean;
  width: number;
  height: number;
  /** units of tfdt in a second */
  timescale: number;
}

const ENTRY_FIELDS = 78; // of a VisualSampleEntry, before its boxes (14496-12 §12.1.3)
const HEVC_ENTRIES = new Set(['hvc1', 'hev1']);
const AVC_ENTRIES = new Set(['avc1', 'avc3']);

/** The decoder configuration in an init part (`ftyp`+`moov`); null when there is no video in it. */
export function videoConfig(init: Uint8Array<ArrayBuffer>): VideoConfig | null {
  const media = boxAt(init, 'moov', 'trak', 'mdia');
  const stsd = media && boxAt(media, 'minf', 'stbl', 'stsd');
  if (!stsd || stsd.byteLength < 8 || !boxAt(media, 'mdhd')) return null;
  for (const entry of boxes(stsd.subarray(8))) {
    const hevc = HEVC_ENTRIES.has(entry.type);
    if (!hevc && !AVC_ENTRIES.has(entry.type)) continue;
    if (entry.body.byteLength < ENTRY_FIELDS) return null;
    const description = boxAt(entry.body.subarray(ENTRY_FIELDS), hevc ? 'hvcC' : 'avcC');
    if (!description) return null;
    const fields = new DataView(entry.body.buffer, entry.body.byteOffset);
    return {
      description,
      hevc,
      width: fields.getUint16(24),
      height: fields.getUint16(26),
      timescale: timescaleIn(media),
    };
  }
  return null;
}

/** The one sample of a fragment (`moof`+`mdat`); null when it has none. */
export function sampleOf(fragment: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const data = boxAt(fragment, 'mdat');
  return data && data.byteLength > 0 ? data : null;
}

const TRUN_DATA_OFFSET = 0x1;
const TRUN_FIRST_FLAGS = 0x4;
const TRUN_DURATION = 0x100;

/** A copy of the fragment whose one sample begins at `ticks` and lasts `duration`; null when it has no room to say so. */
export function retimed(fragment: Uint8Array<ArrayBuffer>, ticks: number, duration: number): Uint8Array<ArrayBuffer> | null {
  const copy = fragment.slice();
  const traf = boxAt(copy, 'moof', 'traf');
  const tfdt = traf && boxAt(traf, 'tfdt');
  const trun = traf && boxAt(traf, 'trun');
  if (!tfdt || !trun || tfdt.byteLength < 12 || tfdt[0] !== 1 || trun.byteLength < 8) return null;
  new DataView(tfdt.buffer, tfdt.byteOffset).setBigUint64(4, BigInt(ticks));
  const run = new DataView(trun.buffer, trun.byteOffset, trun.byteLength);
  const flags = run.getUint32(0) & 0xffffff;
  const at = 8 + (flags & TRUN_DATA_OFFSET ? 4 : 0) + (flags & TRUN_FIRST_FLAGS ? 4 : 0);
  if (!(flags & TRUN_DURATION) || trun.byteLength < at + 4) return null;
  run.setUint32(at, duration);
  return copy;
}
