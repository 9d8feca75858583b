/** A line at the bottom of a terminal that shows the progress of each room. Without a terminal it prints nothing. */
exports.status = (out = process.stdout) => {
  const running = new Map();
  const clear = () => out.isTTY && out.write("\r\x1b[K");
  const draw = () => {
    if (!out.isTTY) return;
    const line = [...running]
      .map(([name, { done, total }]) => `${name} ${done}/${total ?? "?"}`)
      .join("  ·  ");
    out.write(`\r\x1b[K${line.slice(0, (out.columns ?? 80) - 1)}`);
  };
  return {
    begin(name) {
      running.set(name, { done: 0 });
      draw();
    },
    update(name, { total, passed }) {
      const room = running.get(name);
      if (total !== undefined) room.total = total;
      if (passed !== undefined) room.done = passed;
      draw();
    },
    end: (name) => running.delete(name),
    clear,
    print(text) {
      clear();
      out.write(`${text}\n`);
      draw();
    },
  };
};
