// On Ctrl+C in a CDKTF command, interrupts Terraform once and waits for its end.
//
// CDKTF itself interrupts or kills Terraform and exits at once. Terraform then dies because its
// output is closed: the state's lock stays, and the latest changes are missing in the state.
// https://github.com/open-constructs/cdk-terrain/issues/283
"use strict";

const children = require("node:child_process");

const running = new Set();
const { spawn } = children;
const { exit } = process;

process.exit = (code) => {
  if (running.size === 0) exit(code);
  for (const child of running) child.once("close", () => process.exit(code));
};

// Terraform runs in a session of its own. Otherwise the terminal would interrupt it, too, and at a
// second interrupt Terraform leaves without saving its state.
function start(file, args, options) {
  const child = spawn(file, args, { ...options, detached: true });
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

// With the option "signal", Node itself would kill Terraform at once: we interrupt it instead.
children.spawn = (file, args, options) => {
  const terraform = process.env.TERRAFORM_BINARY_NAME || "terraform";
  if (file !== terraform || !options?.signal || options.signal.aborted) {
    return spawn(file, args, options);
  }
  const { signal, ...others } = options;
  const child = start(file, args, others);
  signal.addEventListener("abort", () => child.kill("SIGINT"), { once: true });
  return child;
};

module.exports = { start };
