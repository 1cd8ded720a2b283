// All texts of the language, by the parts of the app that say them.
import access from './access.json';
import app from './app.json';
import audit from './audit.json';
import bookmarks from './bookmarks.json';
import cameras from './cameras.json';
import cases from './cases.json';
import changes from './changes.json';
import clips from './clips.json';
import copies from './copies.json';
import criteria from './criteria.json';
import devices from './devices.json';
import events from './events.json';
import footage from './footage.json';
import households from './households.json';
import installed from './installed.json';
import masks from './masks.json';
import month from './month.json';
import monthPlaces from './month-places.json';
import packages from './packages.json';
import register from './register.json';
import reportWords from './report-words.json';
import redact from './redact.json';
import reports from './reports.json';
import server from './server.json';
import site from './site.json';
import shifts from './shifts.json';
import told from './told.json';
import traces from './traces.json';
import wall from './wall.json';
import watching from './watching.json';

export default {
  ...access,
  ...app,
  ...audit,
  ...bookmarks,
  ...cameras,
  ...cases,
  ...changes,
  ...clips,
  ...copies,
  ...criteria,
  ...devices,
  ...events,
  ...footage,
  ...households,
  ...installed,
  ...masks,
  ...month,
  ...monthPlaces,
  ...packages,
  ...register,
  ...reportWords,
  ...redact,
  ...reports,
  ...server,
  ...site,
  ...shifts,
  ...told,
  ...traces,
  ...wall,
  ...watching,
};
