// What the page says. It has texts of its own beside those of the kinds and times that it shares with the app,
// so that a phone loads no more than it needs.

import formEn from '../texts/en/report-form.json';
import sharedEn from '../texts/en/report-words.json';
import formVi from '../texts/vi/report-form.json';
import sharedVi from '../texts/vi/report-words.json';
import { sayer } from './speech';

export { choose, chosen, speak, spoken, type Language } from './speech';
export type Key = keyof typeof formVi | keyof typeof sharedVi;

export const say = sayer<Key>({ vi: { ...sharedVi, ...formVi }, en: { ...sharedEn, ...formEn } });
