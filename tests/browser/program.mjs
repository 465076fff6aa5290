// The program, as a reader runs it: what it answers is what the page must say.
import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
// The logs of real negotiations that ship.
export const LOGS = ["afghanistan-pakistan-2025", "us-taliban-2018-2020", "colombia-farc-2012-2016", "wga-strike-2023"];
export const pathOf = (log) => join(REPOSITORY, "events", `${log}.jsonl`);

export class Program {
  constructor(path) { this.path = resolve(path); }

  run(args, cwd = REPOSITORY) {
    return execFileSync(this.path, [...args, "--no-pager"], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 30 });
  }

  // A view as data; `log` is how a command finds the log.
  view(name, log, point = {}) {
    const flags = Object.entries(point).flatMap(([flag, value]) => [`--${flag.replaceAll("_", "-")}`, value]);
    return JSON.parse(this.run([name, ...log, "--json", ...flags])).data;
  }

  twin(path, file, flags = []) {
    this.run(["export", "--format", "html", "--log", path, "-o", file, "-q", ...flags]);
    return file;
  }

  // A server before the store of a folder: its address, its token, and how it is ended.
  async serve(folder, flags = []) {
    const child = spawn(this.path, ["serve", "--port", "0", "--json", ...flags], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise((found, lost) => {
      createInterface({ input: child.stdout }).once("line", found);
      child.once("exit", (code) => lost(new Error(`the server ended with ${code}`)));
    });
    const { address, token } = JSON.parse(line);
    return { address: address.replace(/\/$/, ""), token, end: () => child.kill() };
  }
}
