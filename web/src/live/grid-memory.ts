// What whoever comes back to the grid finds as it was left: the words searched for, how far it was
// scrolled, and the camera that was looked at. For as long as the page is open.

export const gridMemory = { words: '', top: 0, camera: '' };
