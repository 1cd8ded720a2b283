// verify.html: one file that checks evidence packages, from a disk or from the server.

import { Page } from './page';
import { speak } from './words';
import '../design/tokens.css';
import '../design/foundation.css';
import '../design/base.css';
import './page.css';

document.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
speak('vi');
new Page(document.getElementById('app')!).show();
