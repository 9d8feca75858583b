import groundwork from "./eslint-rules/index.mjs";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: ["**/node_modules", "examples/projects", "dist", ".sandbox", ".test", ".tools", "**/*.cjs"],
  },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "off",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "off",
      "max-lines": ["error", { max: 320, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["webapp/public/*.js", "sandbox/page/public/*.js"],
    languageOptions: {
      parserOptions: { project: "tsconfig.pages.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "max-lines": ["error", { max: 320, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["test/**/*.ts", "**/*.test.ts"],
    plugins: { groundwork },
    rules: {
      "groundwork/loop-may-be-empty": "error",
      "groundwork/truth-is-certain": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.object.type='ThisExpression'][callee.property.name='skip']",
          message: "Use skip of test/skip.ts, which takes the reason.",
        },
        {
          selector: "AssignmentExpression[left.object.name='process'][left.property.name='env']",
          message:
            "Set and delete single variables: Node's own code reads the environment, and not an object in its place.",
        },
      ],
    },
  },
  { files: ["test/**/*.ts", "sandbox/**/*.ts"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  {
    files: ["sandbox/**/*.ts"],
    ignores: ["sandbox/server.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "http",
          property: "createServer",
          message: "Use LocalServer, which outlives bad requests.",
        },
      ],
    },
  },
);
