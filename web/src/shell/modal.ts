// A dialog over the page, for `$effect(() => modal(dialog))`: it comes with the component and goes with it. Going gives the focus
// back to what opened it: the browser does so by itself only for a dialog that is still in the document when it is closed.

export function modal(dialog: HTMLDialogElement): () => void {
  const opener = document.activeElement;
  dialog.showModal();
  return () => {
    dialog.close();
    if (document.activeElement !== document.body) return;
    const to = opener?.isConnected ? opener : document.querySelector('main');
    (to as HTMLElement | null)?.focus({ preventScroll: true });
  };
}
