import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/setup/chromium.mjs";
import { needs } from "./needs.ts";

const FLAGS = [
  "--no-sandbox",
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const executable = findChromium();

/** The options of a test that needs a browser. */
export const withBrowser = needs(executable, "no Chromium on the PATH (Debian: apt-get install chromium)");

/** What a page did that a page without fault does not do: messages on the console, errors, dialogs, requests to anywhere but the disk. */
export interface Visit {
  page: Page;
  faults: string[];
}

/** Starts Chromium, with the network that a test's own servers need. */
export function launchBrowser(): Promise<Browser> {
  if (!executable) throw new Error("no Chromium on the PATH");
  return chromium.launch({ executablePath: executable, args: FLAGS });
}

/** Opens files in Chromium without a network, one after the other, each in a context of its own. */
export async function inBrowser(
  use: (open: (file: string, options?: BrowserContextOptions) => Promise<Visit>) => Promise<void>,
) {
  const browser = await launchBrowser();
  try {
    await use(async (file, options) => {
      const context = await browser.newContext({ ...options, offline: true });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("console", (message) => faults.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("dialog", (dialog) => {
        faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) faults.push(`request: ${request.url()}`);
      });
      await page.goto(pathToFileURL(file).href);
      return { page, faults };
    });
  } finally {
    await browser.close();
  }
}
