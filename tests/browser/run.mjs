// A run: steps that are counted and told; a step that fails is named with its log, and the others still run.
export class Run {
  failed = [];
  passed = 0;
  began = Date.now();

  constructor(only) { this.only = only; }

  async step(log, name, body) {
    if (this.only && !`${log}: ${name}`.includes(this.only)) return;
    const began = Date.now();
    try {
      const said = await body();
      this.passed += 1;
      console.log(`ok      ${log}: ${name}${said ? `: ${said}` : ""} (${Date.now() - began} ms)`);
    } catch (error) {
      this.failed.push(`${log}: ${name}`);
      console.log(`FAILED  ${log}: ${name}\n        ${String(error.stack ?? error).replaceAll("\n", "\n        ")}`);
    }
  }

  // Says how it went; whether all is well.
  close() {
    const took = ((Date.now() - this.began) / 1000).toFixed(0);
    console.log(`\n${this.passed} steps passed, ${this.failed.length} failed, in ${took} s`);
    for (const name of this.failed) console.log(`FAILED  ${name}`);
    return this.failed.length === 0 && this.passed > 0;
  }
}
