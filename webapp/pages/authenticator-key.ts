import { renderSVG } from "uqr";
import { html, type Html } from "./html";

/** How an authenticator app gets its key: a picture to scan, and the key in groups that are easy to type. */
export const authenticatorKey = (email: string, secret: string): Html =>
  html`Scan this picture with an authenticator app, or type in its key. Then enter the code that the app
    shows:
    <img class="scan" src="${pictureOf(email, secret)}" alt="The key as a QR code" />
    <code>${secret.replace(/(.{4})/g, "$1 ")}</code>`;

/** As a picture within the page, so that the secret is in no URL and no log. */
function pictureOf(email: string, secret: string): string {
  const label = encodeURIComponent(`Groundwork:${email}`);
  const svg = renderSVG(`otpauth://totp/${label}?secret=${secret}&issuer=Groundwork`, { border: 2 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}
