// The bars that tell of something, in the order in which they came: on a phone the newest alone is unfolded.
import { untrack } from 'svelte';

let turns = 0;

class ToldBars {
  #places = $state<number[]>([]);
  readonly newest = $derived(Math.max(0, ...this.#places));
  readonly several = $derived(this.#places.length > 1);

  /** One comes, or tells of something new; returns its place. */
  come(): number {
    const place = ++turns;
    untrack(() => (this.#places = [...this.#places, place]));
    return place;
  }

  go(place: number): void {
    untrack(() => (this.#places = this.#places.filter((one) => one !== place)));
  }
}

export const toldBars = new ToldBars();
