// The words of the mark over pictures: name, device, day and minute of who looks.

import type { Language } from '../texts/texts.svelte';
import { clockText, shortDayText } from '../time/zone';

export function markText(who: { name: string; device: string }, ms: number, zone: string, language: Language): string {
  return [who.name, who.device, `${shortDayText(ms, zone, language)} ${clockText(ms, zone, 'minute')}`].filter(Boolean).join(' · ');
}
