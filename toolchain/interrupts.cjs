// What Ctrl+C does to a CDKTF command: Terraform is interrupted once, and waited for.
//
// CDKTF itself interrupts or kills Terraform and exits at once. Terraform then dies of its closed
// output: the lock stays, and of the state what was saved by then.
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

// Terraform in a session of its own: the terminal would interrupt it as well as CDKTF does, and it
// answers a second interrupt by giving up its state.
function start(file, args, options) {
  const child = spawn(file, args, { ...options, detached: true });
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

// A command with a signal is killed by it, at once and by Node itself.
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
