// The browser, and what every page in it is held to: no word of error on its console, and no request to anybody else.
import { chromium } from "playwright-core";

const SWITCHES = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };
// A wide screen at twice the size of everything has room for half.
export const DOUBLED = { width: 640, height: 450 };

export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: SWITCHES, headless: true });
}

// A page of its own, with nothing kept from the one before; closed when `body` is done, and judged by what it did.
export async function visit(chrome, address, body, { ready = true, expected = [], within = 10_000, before, ...options } = {}) {
  const context = await chrome.newContext({ viewport: WIDE, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(within);
    if (before) await page.addInitScript(before);
    const wrong = watched(page, address, expected);
    await page.goto(address);
    if (ready) await page.locator("html[data-ready]").waitFor({ state: "attached" });
    const result = await body(page);
    if (wrong.length) throw new Error(`the page did what it must not: ${wrong.join("; ")}`);
    return result;
  } finally {
    await context.close();
  }
}

// What a page does that it must not; a message that a test provokes is named in `expected`.
function watched(page, address, expected) {
  const home = address.startsWith("file:") ? "file:" : new URL(address).origin;
  const wrong = [];
  const isOwn = (url) => (home === "file:" ? url.split("#")[0] === address.split("#")[0] : url.startsWith(`${home}/`)) || /^(data|blob):/.test(url);
  page.on("request", (request) => isOwn(request.url()) || wrong.push(`it asks for ${request.url()}`));
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected.some((known) => known.test(text))) wrong.push(`the console says: ${text}`);
  });
  page.on("pageerror", (error) => wrong.push(`a script fails: ${error.message}`));
  page.on("dialog", (dialog) => { wrong.push(`a dialog opens: ${dialog.message()}`); dialog.dismiss(); });
  return wrong;
}

// Until the page has drawn what was asked of it; a page that asks its server is busy until it has answered.
export async function drawn(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.locator("main:not([aria-busy])").waitFor({ state: "attached" });
}

export async function press(page, keys) {
  for (const key of keys.split(" ")) await page.keyboard.press(key);
  await drawn(page);
}

// Until something is so; the failure says what was not.
export async function until(what, isSo, within = 10_000) {
  const end = Date.now() + within;
  for (;;) {
    if (await isSo()) return;
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((wait) => setTimeout(wait, 20));
  }
}
