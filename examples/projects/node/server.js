import http from "node:http";

let visits = 0;

http
  .createServer((request, response) => {
    if (request.url === "/") visits += 1;
    response.setHeader("content-type", "text/plain");
    response.end(`It works. Visits since the start: ${visits}\n`);
  })
  .listen(process.env.PORT ?? 3000);
