// The worker that orders splats from far to near. It answers the one request of Spark's worker that this page makes; Spark's
// own does it in WebAssembly, which comes with two megabytes of decoders that nobody here needs.

const INFINITE = 0x7f800000;
const DIGIT = 0xffff;

interface Request {
  id: number;
  name: string;
  args: { numSplats: number; readback: Uint32Array; ordering: Uint32Array };
}

const worker = self as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};
const places = new Uint32Array(DIGIT + 1);
let halfway = new Uint32Array(0);

worker.onmessage = ({ data: { id, name, args } }) => {
  if (id === undefined) return; // Spark offers its WebAssembly module first.
  if (name !== "sortSplats32") {
    worker.postMessage({ id, error: new Error(`this worker only sorts; it was asked for ${name}`) });
    return;
  }
  const { numSplats, readback, ordering } = args;
  const activeSplats = sort(numSplats, readback, ordering);
  worker.postMessage({ id, result: { activeSplats, readback, ordering } }, [readback.buffer, ordering.buffer]);
};

/** Fill `ordering` with the indices of finite keys, largest first, and say how many; keys are bits of positive floats. */
function sort(count: number, keys: Uint32Array, ordering: Uint32Array): number {
  if (halfway.length < count) halfway = new Uint32Array(count);
  let active = 0;
  for (let i = 0; i < count; i++) if (keys[i] < INFINITE) ordering[active++] = i;
  pass(active, keys, 0, ordering, halfway);
  pass(active, keys, 16, halfway, ordering);
  return active;
}

/** One stable pass of a radix sort, by sixteen bits of the keys, largest first. */
function pass(count: number, keys: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): void {
  places.fill(0);
  for (let i = 0; i < count; i++) places[(keys[from[i]] >>> shift) & DIGIT]++;
  let before = 0;
  for (let digit = DIGIT; digit >= 0; digit--) {
    const here = places[digit];
    places[digit] = before;
    before += here;
  }
  for (let i = 0; i < count; i++) to[places[(keys[from[i]] >>> shift) & DIGIT]++] = from[i];
}
