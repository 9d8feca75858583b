// The calls of the AWS command line in a node's first start, made with the node's own role.
const fs = require("node:fs");
const { SecretsManager } = require("@aws-sdk/client-secrets-manager");

const [, action, ...words] = process.argv.slice(2);
const after = (name) => words[words.indexOf(name) + 1];

async function main() {
  const secrets = new SecretsManager({});
  if (action === "get-random-password") {
    const answer = await secrets.getRandomPassword({
      PasswordLength: Number(after("--password-length")),
      ExcludePunctuation: words.includes("--exclude-punctuation"),
    });
    console.log(answer.RandomPassword);
  } else if (action === "put-secret-value") {
    await secrets.putSecretValue({
      SecretId: after("--secret-id"),
      SecretString: fs.readFileSync(0, "utf8"),
    });
  } else if (action === "get-secret-value") {
    console.log((await secrets.getSecretValue({ SecretId: after("--secret-id") })).SecretString);
  } else throw new Error(`a database node is not known to call ${action}`);
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
