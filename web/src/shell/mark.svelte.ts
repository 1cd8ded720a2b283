// What the mark over pictures says of who looks: name, device, day and minute.

import { texts } from '../texts/texts.svelte';
import { deviceText } from './device-text';
import { markText } from './mark-text';
import { now } from './now.svelte';
import { session } from './session.svelte';

const MINUTE_MS = 60_000;

/** One for all pictures of a page, however many: it changes once a minute. */
class Mark {
  private readonly device = deviceText(navigator.userAgent);
  private readonly minute = $derived(Math.floor(now.ms / MINUTE_MS) * MINUTE_MS);
  readonly text = $derived(markText({ name: session.me?.name ?? '', device: this.device }, this.minute, session.zone, texts.language));
}

export const mark = new Mark();
