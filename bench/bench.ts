// `npm run bench`: runs the contenders in turns and reports the ratios between them. See README.md beside this file.

import { writeFileSync } from "node:fs";
import os from "node:os";
import { dirname } from "node:path";
import process from "node:process";
import { killAll, run } from "./child.js";
import { judge, type Verdict } from "./floor.js";
import { type Measurement, measure, type Setup } from "./measurement.js";
import { help, type Options, readOptions } from "./options.js";
import { findPin } from "./pin.js";
import { makePrograms } from "./program.js";
import { againstNative, timesTheShim } from "./ratio.js";
import { floorTable, ratioTable } from "./report.js";

interface Failure {
  readonly workload: string;
  readonly contender: string;
  readonly message: string;
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Every contender, every workload, every round, each time in another order. */
async function measureAll(setup: Setup, options: Options): Promise<[Measurement[], Failure[]]> {
  const measurements: Measurement[] = [];
  const failures: Failure[] = [];
  for (let round = 0; round < options.rounds; round++) {
    say(`round ${round + 1} of ${options.rounds}`);
    for (const [index, workload] of options.workloads.entries()) {
      const turn = (round + index) % options.contenders.length;
      const order = [...options.contenders.slice(turn), ...options.contenders.slice(0, turn)];
      for (const contender of order) {
        const name = { workload: workload.name, contender: contender.name };
        // One failure is enough to report, and may have cost a whole timeout.
        if (failures.some((one) => one.workload === name.workload && one.contender === name.contender)) continue;
        try {
          const measurement = await measure(setup, contender, workload, round);
          if (measurement === undefined) continue;
          measurements.push(measurement);
          say(`  ${name.workload.padEnd(10)} ${name.contender.padEnd(13)} ${measurement.seconds.toFixed(3)} s`);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          failures.push({ ...name, message });
          say(`  ${name.workload.padEnd(10)} ${name.contender.padEnd(13)} failed`);
        }
      }
    }
  }
  return [measurements, failures];
}

function writeJson(
  file: string,
  options: Options,
  host: object,
  measurements: readonly Measurement[],
  failures: readonly Failure[],
  verdicts: readonly Verdict[],
): void {
  const ratios = options.workloads.flatMap((workload) =>
    options.contenders.map(({ name }) => ({
      workload: workload.name,
      kind: workload.kind,
      contender: name,
      againstNative: againstNative(measurements, workload, name),
      timesTheShim: timesTheShim(measurements, workload, name),
    })),
  );
  writeFileSync(file, `${JSON.stringify({ host, ratios, floors: verdicts, failures, measurements }, null, 2)}\n`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(help);
    return 0;
  }
  const names = options.contenders.map(({ name }) => name);
  const wants = (need: string): boolean => options.contenders.some(({ needs }) => needs === need);
  const wishes = { wasm: wants("wasm"), shim: wants("shim"), ...(options.node ? { node: options.node } : {}) };
  const root = dirname(dirname(process.argv[1] ?? ""));
  const programs = await makePrograms(root, wishes, say);
  const version = (await run([programs.node, "--version"], { timeout: 10 })).trim();
  const pin = await findPin();
  if (pin.length === 0) say("no taskset: nothing is pinned, so ping-pong and connect also measure core wake-ups");

  const { quick, timeout } = options;
  const [measurements, failures] = await measureAll({ programs, pin, quick, timeout }, options);
  const cpus = os.cpus();
  const host = {
    node: version,
    system: `${os.type()} ${os.release()}`,
    cores: cpus.length,
    cpu: cpus[0]?.model ?? "unknown",
    pin: pin.join(" "),
    load: os.loadavg()[0],
    rounds: options.rounds,
    quick,
  };
  const verdicts = options.check ? judge(measurements) : [];
  console.log(
    `${options.rounds} rounds${quick ? " (quick: the figures mean little)" : ""}, Node ${version}, ` +
      `${host.system}, ${host.cores} cores of ${host.cpu}; median [min..max] of the rounds' ratios\n`,
  );
  console.log(ratioTable(measurements, options.workloads, names));
  if (options.json !== undefined) writeJson(options.json, options, host, measurements, failures, verdicts);
  for (const { workload, contender, message } of failures) {
    console.error(`\n${contender} failed in ${workload}: ${message}`);
  }
  if (options.check) console.log(`\n${floorTable(verdicts)}`);
  const missed = verdicts.filter(({ met }) => !met);
  for (const { floor } of missed) {
    console.error(`missed: ${floor.workload} against ${floor.against} is to be ${floor.bound} ${floor.value}`);
  }
  return missed.length + failures.length > 0 ? 1 : 0;
}

process.on("exit", killAll);
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.once(signal, () => process.exit(status));
}
try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
