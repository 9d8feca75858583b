// Asks for a project's page as a browser does, which leads every name below localhost to this machine.
import * as http from "node:http";

export interface Visit {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

export function visit(
  url: string,
  { body, ...options }: Pick<http.RequestOptions, "method" | "headers"> & { body?: string } = {},
): Promise<Visit> {
  const { host, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = http.request(
      {
        ...options,
        host: "127.0.0.1",
        port,
        path: pathname + search,
        headers: { host, ...options.headers },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.once("end", () =>
          resolve({ status: response.statusCode!, headers: response.headers, text }),
        );
      },
    );
    asked.on("error", reject).end(body);
  });
}
