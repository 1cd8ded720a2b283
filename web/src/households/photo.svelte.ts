// The photo of what a household's camera sees: made small on the phone, which takes a moment.

import { prepared } from '../report-form/pictures';

export class Photo {
  /** null: none was chosen, or it could not be read */
  ready = $state.raw<Blob | null>(null);
  preparing = $state(false);
  private newest = 0;

  /** False: that file is no picture that can be read. The last one chosen counts. */
  async choose(file: File | undefined): Promise<boolean> {
    const mine = (this.newest += 1);
    this.ready = null;
    this.preparing = file !== undefined;
    const made = file ? await prepared(file) : null;
    if (mine !== this.newest) return true;
    this.ready = made;
    this.preparing = false;
    return file === undefined || made !== null;
  }
}
