// The light build of hls.js (no subtitles, no alternative audio, no encryption) has no types of its own.
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
