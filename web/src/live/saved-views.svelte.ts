// The saved views of whoever is signed in, and those that are shared.

import { api } from '../api/client';
import type { View, ViewInput } from '../api/types';

/** What is saved of a view; what is not given stays. */
export type NewView = Omit<ViewInput, 'layout'> & { layout?: number };

class SavedViews {
  items = $state.raw<View[]>([]);
  loaded = $state(false);

  async load(): Promise<void> {
    this.items = await api.all<View>('/views');
    this.loaded = true;
  }

  /** The view, or undefined when there is none (any more). */
  one(id: string): View | undefined {
    return this.items.find((view) => view.id === id);
  }

  /** Saves a new view (`id` '') or a known one; returns it. */
  async save(id: string, view: NewView): Promise<View> {
    const saved = id ? await api.patch<View>(`/views/${id}`, view) : await api.post<View>('/views', view);
    this.items = [...this.items.filter((one) => one.id !== saved.id), saved].sort((a, b) => a.name.localeCompare(b.name, 'vi'));
    return saved;
  }

  async remove(id: string): Promise<void> {
    await api.delete(`/views/${id}`);
    this.items = this.items.filter((one) => one.id !== id);
  }
}

export const savedViews = new SavedViews();
