/** `use:focused`: what came where something was pressed is what one goes on with. (`autofocus` does so only while nothing has the focus.) */
export const focused = (element: HTMLElement): void => element.focus();
