// Reading and writing a stream of grpc-js one message at a time, the same for both ends. Nothing is buffered here, and reading
// begins only when first asked for.

export function reader(stream) {
  let wake = () => {};
  let listening = false;
  let ended = false;
  const listen = () => {
    listening = true;
    stream.on('end', () => { ended = true; });
    for (const event of ['readable', 'end', 'close']) stream.on(event, () => wake());
  };
  // {message}, or at the end {complete}: true where the stream was read to its end, false where it was destroyed.
  return async () => {
    if (!listening) listen();
    for (;;) {
      const message = stream.read();
      if (message !== null) return { message };
      if (ended || stream.destroyed) return { complete: ended };
      await new Promise((resolve) => { wake = resolve; });
    }
  };
}

// Nothing where the library has room for a message, otherwise a promise of room or of the call's end.
export const room = (stream, over) => (
  stream.writableNeedDrain ? Promise.race([new Promise((resolve) => { stream.once('drain', resolve); }), over]) : undefined
);

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// `next` with the value: at once, or when the promise of it is kept.
export const after = (value, next) => (value instanceof Promise ? value.then(next) : next(value));
