import http from "node:http";

// A variable of the project, set in the console.
const greeting = process.env.GREETING ?? "It works.";
let visits = 0;

http
  .createServer((request, response) => {
    if (request.url === "/") visits += 1;
    response.setHeader("content-type", "text/plain");
    response.end(`${greeting} Visits since the start: ${visits}\n`);
  })
  .listen(process.env.PORT ?? 3000);
