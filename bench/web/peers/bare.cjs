// A server of node:http alone: what any framework is measured against.
const http = require("node:http");

const body = JSON.stringify({ hostname: process.env.INSTANCE_NAME });
const plain = {
  "content-type": "application/json; charset=utf-8",
  "content-length": Buffer.byteLength(body),
};
// The same answer as ours, byte for byte, when told which headers that is.
const headers = process.env.HEADERS ? JSON.parse(process.env.HEADERS) : plain;

http
  .createServer((request, response) => {
    response.writeHead(request.url === "/" ? 200 : 404, headers);
    response.end(body);
  })
  .listen(Number(process.env.PORT), "127.0.0.1");
