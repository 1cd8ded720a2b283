// made-things.mjs — one of each thing that officers make, made over the API, and the pages and sheets that show it:
// a case with footage, packages, a household and what it is asked for. Walked as who has most to decide on them.
import assert from 'node:assert/strict';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
/** The footage of the case: this long ago, and as long. */
const AGO_MS = 12_000;
const LONG_MS = 4_000;
const PERSON = { name: 'Bà Hai', phone: '0900 000 001' };

const time = (ms) => new Date(ms).toISOString();
const key = () => ({ key: crypto.randomUUID() });

/** `CASE`, `PACKAGE` …: the id of what was made; `SPAN`: the footage of the case, in a query. `open` is tapped, one after the other. */
export const THINGS = [
  { name: 'case', path: 'cases/CASE', there: '[data-testid=case-hold]' },
  { name: 'case-step', path: 'cases/CASE', open: ['case-to-decided'], there: '[data-testid=case-step-go]' },
  { name: 'case-find', path: 'playback/ID?SPAN&case=NUMBER', there: '[data-testid=find-add]' },
  { name: 'report', path: 'reports/REPORT', there: '[data-testid=report-state]' },
  { name: 'package', path: 'packages/ASKED', there: '[data-testid=package-approve]' },
  { name: 'package-rejected', path: 'packages/ASKED', open: ['package-reject'], there: '[data-testid=package-words]' },
  { name: 'package-done', path: 'packages/PACKAGE', there: '[data-testid=package-hand]' },
  { name: 'package-hand', path: 'packages/PACKAGE', open: ['package-hand'], there: '[data-testid=hand-send]' },
  { name: 'certificate-new', path: 'packages/new?cameras=ID&SPAN&case=NUMBER&negative', there: '[data-testid=region-draw]' },
  { name: 'certificate-region', path: 'packages/new?cameras=ID&SPAN&case=NUMBER&negative', open: ['region-draw'], there: '[data-testid=region-whole]' },
  { name: 'redact', path: 'packages/new?cameras=ID&SPAN&case=NUMBER', open: ['redact-open', 'redact-add'], there: '[data-testid=redact-one]' },
  { name: 'household', path: 'households/HOUSEHOLD', there: '[data-testid=household-consent]' },
  { name: 'footage-new', path: 'households/ask?NEAR&case=NUMBER', there: '[data-testid=footage-send]' },
  { name: 'footage-request', path: 'households/requests/REQUEST', there: '[data-testid=footage-link]' },
  { name: 'footage-link', path: 'households/requests/REQUEST', open: ['footage-link'], there: '[data-testid=footage-make-link]' },
  { name: 'criterion', path: 'month', open: ['criterion-add'], there: '[data-testid=criterion-save]' },
];

/** A person over the API: what it sends is taken. */
async function person(browser, demo, name) {
  const context = await browser.newContext();
  const call = async (method, path, data) => {
    const response = await context.request.fetch(new URL(`api/v1/${path}`, demo.url).href, { method, data });
    assert.ok(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`);
    return response.json();
  };
  await call('POST', 'session', { name, password: demo.accounts[name] });
  return { get: (path) => call('GET', path), post: (path, data) => call('POST', path, data), end: () => context.close() };
}

/** The officer asks, the commander approves one of two packages. The addresses of all. */
export async function makeThings(browser, demo) {
  const officer = await person(browser, demo, 'officer');
  const commander = await person(browser, demo, 'commander');
  try {
    const cameras = (await officer.get('cameras')).items;
    const places = (await officer.get('locations?limit=200')).items;
    const camera = cameras.find(({ location }) => places.find(({ id }) => id === location)?.latitude);
    const place = places.find(({ id }) => id === camera.location);
    const at = { lat: place.latitude, lon: place.longitude };
    const begin = Date.now() - AGO_MS;
    const span = { from: time(begin), to: time(begin + LONG_MS) };
    const report = await officer.post('reports', { kind: 'fight', text: 'Hai người đánh nhau', location: place.id, from: time(begin - HOUR_MS), to: time(begin), ...key() });
    const made = await officer.post('cases', { reports: [report.id], ...key() });
    await officer.post(`cases/${made.id}/items`, { kind: 'footage', camera: camera.id, ...span, words: 'Người áo đỏ chạy về phía cầu' });
    await officer.post(`cases/${made.id}/items`, { kind: 'person', role: 'witness', count: 2 });
    const ask = () => officer.post('packages', { case: made.number, cameras: [camera.id], ...span, reason: 'Đánh nhau ở ngã ba', ...key() });
    const [done, asked] = [await ask(), await ask()];
    await commander.post(`packages/${done.id}/approval`, { approve: true });
    const household = await officer.post('households', { place: { ...at, lat: at.lat - 0.0002 }, village: place.village, agreed_at: time(Date.now() - HOUR_MS), level: 1, contact: PERSON, view: 'Cổng và ngõ', heading: 0, ...key() });
    const request = await officer.post('footage-requests', { case: made.number, what: 'Người áo đỏ', unit: 'Công an xã', place: at, radius: 150, ...span, deadline: time(Date.now() + 48 * HOUR_MS), households: [household.id] });
    const found = { ID: camera.id, CASE: made.id, NUMBER: made.number, REPORT: report.id, ASKED: asked.id, PACKAGE: done.id, HOUSEHOLD: household.id, REQUEST: request.id };
    const query = new URLSearchParams({ at: span.from, from: span.from, to: span.to });
    return (path) => path.replace('SPAN', query.toString()).replace('NEAR', `near=${at.lat},${at.lon}`).replace(/[A-Z]{2,}/g, (word) => found[word] ?? word);
  } finally {
    await officer.end();
    await commander.end();
  }
}

/** Opens each, as who is signed in, and hands it over. `address`: of makeThings. Sheets of the same page are opened on it, one after the
 * other, so `each` leaves none open. */
export async function walkThings(page, url, address, each) {
  let path = '';
  for (const one of THINGS) {
    if (path !== one.path) await page.goto(new URL(address((path = one.path)), url).href);
    for (const id of one.open ?? []) await page.getByTestId(id).first().click();
    await page.locator(one.there).first().waitFor({ timeout: 30 * SECOND_MS });
    await each(one);
  }
}
