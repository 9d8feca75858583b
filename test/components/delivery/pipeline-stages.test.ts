import { strict as assert } from "node:assert";
import { pipelineStages, StagesArgs } from "../../../components/delivery/pipeline-stages";

const args: StagesArgs = {
  connectionArn: "connection",
  repository: "example/site",
  branch: "main",
  startOn: "request",
  testProject: "tests",
  imageProject: "image",
  approval: true,
  recordFunction: "record",
  deployFunction: "deploy",
};

const table = (more: Partial<StagesArgs> = {}) =>
  pipelineStages({ ...args, ...more }).map(({ name, actions }) => [
    name,
    actions.map(({ category, provider, inputArtifacts = [], outputArtifacts = [] }) =>
      [category, provider, ...inputArtifacts, "->", ...outputArtifacts].join(" "),
    ),
  ]);

const configurationOf = (stage: string, n = 0, more: Partial<StagesArgs> = {}) =>
  pipelineStages({ ...args, ...more }).find(({ name }) => name === stage)!.actions[n]!.configuration;

describe("the pipeline's stages", () => {
  it("go from source through test, image and approval to the release", () => {
    assert.deepEqual(table(), [
      ["Source", ["Source CodeStarSourceConnection -> Source"]],
      ["Test", ["Test CodeBuild Source ->"]],
      ["Build", ["Build CodeBuild Source -> Bundle"]],
      ["Approve", ["Approval Manual ->"]],
      ["Release", ["Invoke Lambda Bundle ->", "Invoke Lambda Bundle ->"]],
    ]);
  });

  it("leave out what the settings leave out", () => {
    assert.deepEqual(
      table({ testProject: undefined, approval: false }).map(([name]) => name),
      ["Source", "Build", "Release"],
    );
  });

  it("record a release before they deploy it, with the results of earlier stages", () => {
    const release = pipelineStages(args).find(({ name }) => name === "Release")!;
    assert.deepEqual(
      release.actions.map(({ name, runOrder, configuration }) => [
        name,
        runOrder,
        configuration["FunctionName"],
      ]),
      [
        ["Record", 1, "record"],
        ["Deploy", 2, "deploy"],
      ],
    );
    assert.deepEqual(JSON.parse(configurationOf("Release").UserParameters as string), {
      execution: "#{codepipeline.PipelineExecutionId}",
      commit: "#{Source.CommitId}",
      image: "#{Image.IMAGE}",
    });
    assert.deepEqual(JSON.parse(configurationOf("Release", 1).UserParameters as string), {
      execution: "#{codepipeline.PipelineExecutionId}",
      commit: "#{Source.CommitId}",
    });
    const namespaces = pipelineStages(args).flatMap(({ actions }) =>
      actions.map(({ namespace }) => namespace),
    );
    assert.deepEqual(namespaces.filter(Boolean), ["Source", "Image"]);
  });

  it("start on a push only when told to", () => {
    assert.equal(configurationOf("Source").DetectChanges, "false");
    assert.equal(configurationOf("Source", 0, { startOn: "push" }).DetectChanges, "true");
  });
});
