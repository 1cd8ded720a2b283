// What whoever comes back to the wall finds as it was left: the words searched for, the page, how
// far it was scrolled, and the camera that was looked at. For as long as the page is open.

export const gridMemory = { words: '', page: 0, top: 0, camera: '' };
