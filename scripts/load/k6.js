// k6 as an addition to `npm run load`: k6 run -e SITE=https://www.example.com scripts/load/k6.js
import { check, sleep } from "k6";
import http from "k6/http";

export const options = {
  vus: 16,
  duration: "8m",
  thresholds: { http_req_failed: ["rate<0.01"] },
};

export default function visitor() {
  // The largest prime that /load takes: no other number takes longer to test.
  const answer = http.get(`${__ENV.SITE}/load?number=9007199254740881`, { tags: { name: "/load" } });
  const served = check(answer, { "is served": ({ status }) => status === 200 });
  if (!served) sleep(1);
}
