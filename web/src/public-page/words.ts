// What the page says; texts of its own, so that it loads no more than it needs.

import { sayer } from '../report-form/speech';
import en from '../texts/en/public-page.json';
import vi from '../texts/vi/public-page.json';

export const say = sayer<keyof typeof vi>({ vi, en });
