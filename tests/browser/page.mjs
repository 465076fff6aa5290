// The page in a real browser: node page.mjs PROGRAM [--part file|served] [--only WORDS] [--shots FOLDER] [--figures]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { browser } from "./browser.mjs";
import { figures } from "./figures.mjs";
import { Program } from "./program.mjs";
import { Run } from "./run.mjs";
import { served } from "./served.mjs";
import { still } from "./still.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" }, shots: { type: "string" }, figures: { type: "boolean" }, part: { type: "string" } } });
const run = new Run(values.only);
const program = new Program(positionals[0] ?? "target/release/talks");
const folder = mkdtempSync(join(tmpdir(), "talks-browser-"));
const chrome = await browser();
try {
  if (values.figures) await figures(chrome, program, folder);
  else {
    // Side by side: each page has a process of its own.
    const parts = { file: still, served };
    const wanted = Object.keys(parts).filter((part) => (values.part ?? part) === part);
    await Promise.all(wanted.map((part) => parts[part](run, chrome, program, folder, values.shots)));
  }
} finally {
  await chrome.close();
  rmSync(folder, { recursive: true, force: true });
}
if (!values.figures) process.exitCode = run.close() ? 0 : 1;
