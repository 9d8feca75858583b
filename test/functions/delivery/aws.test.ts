import { strict as assert } from "node:assert";
import {
  alarms,
  bundles,
  codeDeploy,
  codePipeline,
  images,
  pipelineJob,
} from "../../../functions/delivery/aws";
import { awsError, recordedClient } from "../recorded-client";

const DENIED = { name: "AccessDeniedException" };
const denied = () => awsError(DENIED.name);
const summary = (status: string, pipelineExecutionId: string) => ({ status, pipelineExecutionId });
const LIST = ["ListPipelineExecutions", { pipelineName: "web", maxResults: 100 }];

describe("the pipeline", () => {
  const pipelineExecutionSummaries = [
    summary("Succeeded", "e3"),
    summary("InProgress", "e2"),
    summary("InProgress", "e1"),
  ];

  it("names the execution that is running", async () => {
    const { client, calls } = recordedClient({
      ListPipelineExecutions: [{ pipelineExecutionSummaries }, {}],
    });
    assert.equal(await codePipeline(client, "web").running(), "e2");
    assert.deepEqual(calls, [LIST]);
    assert.equal(await codePipeline(client, "web").running(), undefined);
  });

  it("is started once for a token", async () => {
    const { client, calls } = recordedClient({ StartPipelineExecution: { pipelineExecutionId: "e4" } });
    assert.equal(await codePipeline(client, "web").start("t"), "e4");
    assert.deepEqual(calls, [["StartPipelineExecution", { name: "web", clientRequestToken: "t" }]]);
  });

  it("is stopped at once, in each execution that runs and has not ended meanwhile", async () => {
    const { client, calls } = recordedClient({
      ListPipelineExecutions: { pipelineExecutionSummaries },
      StopPipelineExecution: [awsError("PipelineExecutionNotStoppableException"), {}, denied()],
    });
    await codePipeline(client, "web").stop("x".repeat(300));
    const stop = (pipelineExecutionId: string) => [
      "StopPipelineExecution",
      { pipelineName: "web", pipelineExecutionId, abandon: true, reason: "x".repeat(200) },
    ];
    assert.deepEqual(calls, [LIST, stop("e2"), stop("e1")]);
    await assert.rejects(codePipeline(client, "web").stop("no"), DENIED);
  });

  it("returns its stages with their actions, also those that have not begun", async () => {
    const at = new Date("2026-01-01T00:00:00Z");
    const { client, calls } = recordedClient({
      GetPipelineState: [
        {
          stageStates: [
            {
              stageName: "Build",
              latestExecution: { status: "Failed", pipelineExecutionId: "e1" },
              actionStates: [
                {
                  actionName: "Compile",
                  latestExecution: {
                    status: "Failed",
                    lastStatusChange: at,
                    errorDetails: { message: "broke" },
                    externalExecutionUrl: "https://log",
                  },
                },
                { actionName: "Pack" },
                { actionName: "Send", latestExecution: {} },
              ],
            },
            { stageName: "Deploy" },
          ],
        },
        {},
      ],
    });
    const idle = { status: "NotStarted", at: undefined, message: undefined, url: undefined };
    assert.deepEqual(await codePipeline(client, "web").stages(), [
      {
        stage: "Build",
        status: "Failed",
        executionId: "e1",
        actions: [
          { action: "Compile", status: "Failed", at: at.toISOString(), message: "broke", url: "https://log" },
          { action: "Pack", ...idle },
          { action: "Send", ...idle },
        ],
      },
      { stage: "Deploy", status: "NotStarted", executionId: undefined, actions: [] },
    ]);
    assert.deepEqual(calls, [["GetPipelineState", { name: "web" }]]);
    assert.deepEqual(await codePipeline(client, "web").stages(), []);
  });

  it("gets the result of a function's job", async () => {
    const { client, calls } = recordedClient();
    await pipelineJob(client).succeed("j");
    await pipelineJob(client).goOn("j", "d-1", "InProgress");
    await pipelineJob(client).fail("j", "broke");
    assert.deepEqual(calls, [
      ["PutJobSuccessResult", { jobId: "j" }],
      [
        "PutJobSuccessResult",
        {
          jobId: "j",
          continuationToken: "d-1",
          executionDetails: { externalExecutionId: "d-1", summary: "InProgress" },
        },
      ],
      ["PutJobFailureResult", { jobId: "j", failureDetails: { type: "JobFailed", message: "broke" } }],
    ]);
  });
});

describe("a deployment", () => {
  const bundle = { bucket: "artifacts", key: "1.zip", version: "v1", eTag: "e1" };
  const of = (s3Location?: object) => ({ deploymentInfo: { revision: { s3Location } } });
  const deploy = (answers: object) => {
    const { client, calls } = recordedClient(answers);
    return { ...codeDeploy(client, "app", "group"), calls };
  };

  it("is of a bundle, where it was made from one", async () => {
    const { bundleOf, calls } = deploy({ GetDeployment: of({ ...bundle, bundleType: "zip" }) });
    assert.deepEqual(await bundleOf("d-1"), bundle);
    assert.deepEqual(calls, [["GetDeployment", { deploymentId: "d-1" }]]);
    for (const answer of [of({ bucket: "b" }), of({ key: "k" }), of(), { deploymentInfo: {} }, {}])
      assert.equal(await deploy({ GetDeployment: answer }).bundleOf("d-1"), undefined);
  });

  it("is live if it was the last to succeed", async () => {
    const deploymentGroupInfo = { lastSuccessfulDeployment: { deploymentId: "d-7" } };
    const { live, calls } = deploy({
      GetDeploymentGroup: { deploymentGroupInfo },
      GetDeployment: of(bundle),
    });
    assert.deepEqual(await live(), bundle);
    assert.deepEqual(calls, [
      ["GetDeploymentGroup", { applicationName: "app", deploymentGroupName: "group" }],
      ["GetDeployment", { deploymentId: "d-7" }],
    ]);
    for (const answer of [{}, { deploymentGroupInfo: {} }])
      assert.equal(await deploy({ GetDeploymentGroup: answer, GetDeployment: of(bundle) }).live(), undefined);
  });

  it("is started unless another one is under way", async () => {
    const errors = [awsError("DeploymentLimitExceededException"), denied()];
    const { deploy: begin, calls } = deploy({ CreateDeployment: [{ deploymentId: "d-8" }, ...errors] });
    assert.equal(await begin(bundle, "again"), "d-8");
    assert.deepEqual(calls, [
      [
        "CreateDeployment",
        {
          applicationName: "app",
          deploymentGroupName: "group",
          description: "again",
          revision: { revisionType: "S3", s3Location: { ...bundle, bundleType: "zip" } },
          ignoreApplicationStopFailures: true,
        },
      ],
    ]);
    assert.equal(await begin(bundle, "again"), undefined);
    await assert.rejects(begin(bundle, "again"), DENIED);
  });

  it("is started with the given alarms instead of the group's", async () => {
    const { deploy: begin, calls } = deploy({ CreateDeployment: {} });
    await begin(bundle, "back", []);
    await begin(bundle, "on", ["latency"]);
    assert.deepEqual(
      calls.map(([, input]) => input["overrideAlarmConfiguration"]),
      [
        { enabled: false, alarms: [] },
        { enabled: true, alarms: [{ name: "latency" }] },
      ],
    );
  });

  it("is stopped by the group's alarms, some of which may be firing", async () => {
    const alarmConfiguration = { enabled: true, alarms: [{ name: "errors" }, { name: "latency" }] };
    const { alarms: named } = deploy({
      GetDeploymentGroup: [{ deploymentGroupInfo: { alarmConfiguration } }, { deploymentGroupInfo: {} }, {}],
    });
    assert.deepEqual(await named(), ["errors", "latency"]);
    assert.deepEqual([await named(), await named()], [[], []]);

    const { client, calls } = recordedClient({
      DescribeAlarms: [{ MetricAlarms: [{ AlarmName: "a" }], CompositeAlarms: [{ AlarmName: "b" }] }, {}],
    });
    assert.deepEqual(await alarms(client).ringing(["a", "b", "c"]), ["a", "b"]);
    assert.deepEqual(await alarms(client).ringing(["c"]), []);
    // Without a name AWS would tell of every alarm of the account.
    assert.deepEqual(await alarms(client).ringing([]), []);
    assert.deepEqual(
      calls.map(([, input]) => input),
      [["a", "b", "c"], ["c"]].map((AlarmNames) => ({
        AlarmNames,
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        StateValue: "ALARM",
      })),
    );
  });

  it("has a state, and a reason for its end", async () => {
    const deploymentInfo = { status: "Failed", errorInformation: { message: "no health" } };
    const going = { deploymentInfo: { status: "InProgress" } };
    const { stateOf, calls } = deploy({ GetDeployment: [{ deploymentInfo }, going, {}] });
    assert.deepEqual(await stateOf("d-9"), { status: "Failed", reason: "no health" });
    assert.deepEqual(await stateOf("d-9"), { status: "InProgress", reason: undefined });
    assert.deepEqual(await stateOf("d-9"), { status: "Unknown", reason: undefined });
    assert.deepEqual(calls[0], ["GetDeployment", { deploymentId: "d-9" }]);
  });

  it("installs one version of an object", async () => {
    const { client, calls } = recordedClient({ HeadObject: [{ VersionId: "v1", ETag: '"e1"' }, {}] });
    assert.deepEqual(await bundles(client).stamp("artifacts", "1.zip"), bundle);
    assert.deepEqual(calls, [["HeadObject", { Bucket: "artifacts", Key: "1.zip" }]]);
    const bare = { bucket: "artifacts", key: "1.zip", version: undefined, eTag: undefined };
    assert.deepEqual(await bundles(client).stamp("artifacts", "1.zip"), bare);
  });
});

describe("a tag", () => {
  const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web@sha256:abc";
  const manifest = { imageManifest: "{}", imageManifestMediaType: "application/json" };

  it("is put on the image by its digest, whatever kind of manifest it has", async () => {
    const errors = [awsError("ImageAlreadyExistsException"), denied()];
    const { client, calls } = recordedClient({
      BatchGetImage: { images: [manifest] },
      PutImage: [{}, ...errors],
    });
    await images(client).tag(image, "live");
    const [[, { acceptedMediaTypes, ...asked }], put] = calls as [
      [string, { acceptedMediaTypes: string[] }],
      unknown,
    ];
    assert.deepEqual(asked, { repositoryName: "team/web", imageIds: [{ imageDigest: "sha256:abc" }] });
    assert.deepEqual(
      acceptedMediaTypes.map(
        (type) => /^application\/vnd\.(oci\.image|docker\.distribution)\.(.*)$/.exec(type)![2],
      ),
      ["manifest.v1+json", "index.v1+json", "manifest.v2+json", "manifest.list.v2+json"],
    );
    assert.deepEqual(put, [
      "PutImage",
      { repositoryName: "team/web", ...manifest, imageDigest: "sha256:abc", imageTag: "live" },
    ]);
    await images(client).tag(image, "live");
    await assert.rejects(images(client).tag(image, "live"), DENIED);
  });

  it("is refused if the image is gone", async () => {
    for (const answer of [{}, { images: [] }, { images: [{}] }])
      await assert.rejects(images(recordedClient({ BatchGetImage: answer }).client).tag(image, "live"), {
        message: `there is no image ${image}`,
      });
  });
});
