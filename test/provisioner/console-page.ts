import type { Page } from "playwright-core";
import { wish } from "./driver";
import { PASSWORD, User } from "./rig";

/** What the form is told that nobody may see again. */
export const SECRETS = wish("");

export const logIn = async (page: Page, { email }: User) => {
  await page.waitForURL(/\/login$/);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
};
/** Opens a part of the form that is closed at first. */
export const unfold = (page: Page, part: string) =>
  page.locator("#request summary", { hasText: part }).click();
export const fillIn = async (page: Page, name: string) => {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Environment").selectOption("stag");
  await page.getByLabel("Kind").selectOption("spa");
  await page.getByLabel("Built with").selectOption("react");
  await page.getByLabel("Repository", { exact: true }).fill("https://github.com/example/site");
  await unfold(page, "A private repository");
  await page.getByLabel("Access token of the repository").fill(SECRETS.accessToken);
  await page.getByLabel("Private key of the repository").fill(SECRETS.privateKey);
};
