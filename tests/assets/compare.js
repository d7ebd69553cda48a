// Compares a part of two pictures (PNG, base64): how many pixels differ by more than `tolerance` in a channel, of how many,
// and by how much the farthest does.
const [one, other, { left, top, right, bottom }, tolerance] = arguments;
const [width, height] = [Math.ceil(right - left), Math.ceil(bottom - top)];
const pixels = async (png) => {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const paint = canvas.getContext("2d");
  paint.drawImage(await createImageBitmap(new Blob([bytes], { type: "image/png" })), -Math.floor(left), -Math.floor(top));
  return paint.getImageData(0, 0, width, height).data;
};
return Promise.all([pixels(one), pixels(other)]).then(([a, b]) => {
  let [differing, largest] = [0, 0];
  for (let at = 0; at < a.length; at += 4) {
    const by = Math.max(...[0, 1, 2].map((channel) => Math.abs(a[at + channel] - b[at + channel])));
    if (by > tolerance) differing++;
    largest = Math.max(largest, by);
  }
  return [differing, width * height, largest];
});
