// Why a camera does not run, in plain words of the app's language.

import type { StreamStatus } from '../api/types';
import { texts, tCode } from '../texts/texts.svelte';

/** A few words for a tile. */
export function shortCause(stream: Pick<StreamStatus, 'cause' | 'cause_code'> | null, code = '', sentence = ''): string {
  return tCode('cause', code || (sentence ? '' : (stream?.cause_code ?? '')), sentence || stream?.cause || '');
}

/** What the server says within a line of its log, as people write it. */
export function asSentence(text: string): string {
  if (!text) return '';
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** `code` and `sentence` of the newest word of the server; else what the stream's status says. */
export function causeText(stream: Pick<StreamStatus, 'cause' | 'cause_code'> | null, code = '', sentence = ''): string {
  const stable = code || (sentence ? '' : (stream?.cause_code ?? ''));
  const english = asSentence(sentence || stream?.cause || '');
  if (!stable) return english;
  return texts.language === 'en' && english ? english : tCode('cause', stable, english);
}
