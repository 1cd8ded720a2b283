// The grants of this tab.

import { serverClock } from '../time/server-clock';
import { Grants } from './grants';

export const access = new Grants(globalThis.sessionStorage, () => serverClock.now());
