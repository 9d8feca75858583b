// Loaded before a project's server: whatever port and address it asks for, it listens only on its own port of this machine, as a container
// listens where Docker leads to.
const net = require("node:net");

const { listen } = net.Server.prototype;
const port = Number(process.env.GROUNDWORK_PORT);

net.Server.prototype.listen = function (...args) {
  const [first] = args;
  const isPath = typeof first === "string" && Number.isNaN(Number(first));
  if (isPath || first?.path || first?.fd !== undefined) return listen.apply(this, args);
  const callback = args.find((each) => typeof each === "function");
  return listen.call(this, { port, host: "127.0.0.1" }, callback);
};
