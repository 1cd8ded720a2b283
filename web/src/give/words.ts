import en from '../texts/en/give.json';
import vi from '../texts/vi/give.json';
import { sayer } from '../report-form/speech';

export const say = sayer<keyof typeof vi>({ vi, en });
