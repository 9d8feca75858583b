import assert from "node:assert/strict";
import { until } from "../../sandbox/problem";

describe("waiting", () => {
  const answering =
    (...answers: unknown[]) =>
    () =>
      answers.length > 1 ? answers.shift() : answers[0];
  const briefly = { seconds: 0.02, everyMs: 1 };

  it("ends with the first answer other than undefined and false", async () => {
    assert.equal(await until("Something", answering(undefined, false, 0, 1), { everyMs: 1 }), 0);
  });

  it("ends with the first wanted answer", async () => {
    const wanted = (answer: unknown) => answer === "late";
    assert.equal(await until("It", answering("early", "late"), { everyMs: 1, wanted }), "late");
  });

  it("reports what did not happen, what was seen last, and what helps", async () => {
    const last = { state: "running" };
    await assert.rejects(
      until("The end", answering({ state: "new" }, last), {
        ...briefly,
        wanted: () => false,
        advice: () => "look there",
      }),
      {
        message: 'The end did not happen within 0.02 seconds, {"state":"running"} was seen last: look there.',
      },
    );
  });

  it("reports no last answer when there was none", async () => {
    await assert.rejects(until("The end", answering(undefined), briefly), {
      message: "The end did not happen within 0.02 seconds.",
    });
  });

  it("asks less often the longer it takes", async () => {
    let asked = 0;
    const ask = () => void asked++;
    await assert.rejects(until("The end", ask, { seconds: 0.4, everyMs: 1 }));
    assert.ok(asked > 10 && asked < 180, `asked ${asked} times`);
  });

  it("ends at once with an error that is thrown", async () => {
    const ask = () => {
      throw new Error("gone for good");
    };
    await assert.rejects(until("The end", ask), { message: "gone for good" });
  });
});
