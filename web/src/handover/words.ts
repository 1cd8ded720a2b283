// What the page of a hand-over says; texts of its own, so that it loads no more than it needs.

import { sayer } from '../report-form/speech';
import en from '../texts/en/handover.json';
import vi from '../texts/vi/handover.json';

export const say = sayer<keyof typeof vi>({ vi, en });
