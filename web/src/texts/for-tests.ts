// For tests that speak English: its texts are at hand.
import { fetchTexts, LANGUAGES } from './texts.svelte';

await Promise.all(LANGUAGES.map(fetchTexts));
