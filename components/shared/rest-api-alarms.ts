import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Monitoring } from "./monitoring";

/** What API Gateway reports about a REST API. */
export function apiMonitoring(key: string, apiName: pulumi.Input<string>, stageName: string): Monitoring {
  const of = figuresOf("AWS/ApiGateway", { ApiName: apiName, Stage: stageName });
  return {
    alarms: {
      [`${key}-api-errors`]: {
        ...of("5XXError", "Sum"),
        description: `The ${key} API answers with 5xx: read its functions' log groups`,
        comparison: "above",
        threshold: 0,
        periodSeconds: 300,
      },
    },
    dashboard: {
      title: `API: ${key}`,
      graphs: [
        {
          title: "Requests and errors",
          lines: [
            { ...of("Count", "Sum"), label: "requests" },
            { ...of("4XXError", "Sum"), label: "4xx" },
            { ...of("5XXError", "Sum"), label: "5xx" },
          ],
        },
        {
          title: "Milliseconds to answer",
          lines: [{ ...of("Latency", "p99"), label: "99 of 100" }],
        },
      ],
    },
  };
}
