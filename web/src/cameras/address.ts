// Checks of what people type as the address of a camera, before the server is asked.

export type AddressFault = '' | 'empty' | 'scheme' | 'host';

/** What is wrong with an RTSP address; '' when nothing is. */
export function addressFault(text: string): AddressFault {
  const address = text.trim();
  if (!address) return 'empty';
  const match = /^(rtsp[sx]?):\/\/(.*)$/i.exec(address);
  if (!match) return 'scheme';
  // A password may hold "/" or "@": the host begins after the last "@".
  const rest = match[2]!;
  const host = rest.slice(rest.lastIndexOf('@') + 1);
  return /^(\[[0-9a-f:.]+\]|[^\s/:?#[\]]+)(:\d{1,5})?([/?].*)?$/i.test(host) ? '' : 'host';
}
