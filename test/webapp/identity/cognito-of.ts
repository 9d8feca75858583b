import type { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";

export type Call = [name: string, input: unknown];

/** A pool that gives these answers in turn, an error by throwing it, and what it was asked. */
export function cognitoOf(answers: object[]): { cognito: CognitoIdentityProvider; calls: Call[] } {
  const calls: Call[] = [];
  const cognito = new Proxy({} as CognitoIdentityProvider, {
    get: (_, name: string) => async (input: unknown) => {
      calls.push([name, input]);
      const answer = answers.shift() ?? {};
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { cognito, calls };
}
